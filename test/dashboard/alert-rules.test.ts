import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areChannelsAsStored,
  channelsOf,
  draftOf,
  newDraft,
  ruleOf,
  typedNumber,
} from '../../src/dashboard/alerts/draft.js';
import { faultsOf, restOf } from '../../src/dashboard/alerts/faults.js';
import { madeOver, toMakeAlert } from '../../src/dashboard/alerts/make.js';
import {
  readRuleFile,
  standingOf,
  toRuleFile,
  withoutStored,
} from '../../src/dashboard/alerts/rule-file.js';
import { conditionWords, lineWords, valueWords } from '../../src/dashboard/alerts/words.js';
import { formatViewState, parseViewState } from '../../src/dashboard/view-state.js';
import type { LineInput } from '../../src/generated/operations.js';
import { STORED_RULE } from '../support/stored-rule.js';

const KNOWN = { symbols: ['USDT', 'BTC', 'ETH'], quantBase: 'USDT' };

const LINES: readonly LineInput[] = [
  { kind: 'CELL', base: 'ETH', quote: 'BTC', matrix: 'ID_PERCENT' },
  { kind: 'CELL', base: 'BTC', quote: 'USDT', matrix: 'ID_BENCHMARK' },
  { kind: 'ASSET', asset: 'ETH', figure: 'STRENGTH' },
  { kind: 'ASSET', asset: 'BTC', figure: 'VOLATILITY', in: 'USDT', over: '2d', step: '30m' },
  { kind: 'WALLET', in: 'USDT' },
  { kind: 'BALANCE', asset: 'BTC', in: 'USDT' },
  { kind: 'STRATEGY', strategy: 'LUGGAGE' },
  { kind: 'CONSISTENCY', consistency: 'MAX_BPS' },
  {
    ...{ kind: 'WINDOW', base: 'BTC', quote: 'ETH', window: 'BETA', in: 'USDT' },
    ...{ over: '7d', step: '1h' },
  },
];

describe('a rule of the page', () => {
  it.each(LINES)('made over $kind is what the address says, and comes back from it', (line) => {
    const before = parseViewState('?view=matrix&turn=7');
    const address = formatViewState({ ...before, ...toMakeAlert(line) });
    const state = parseViewState(address);
    expect(state).toMatchObject({ view: 'alerts', turn: 7 });
    expect(madeOver(state, KNOWN)).toEqual(line);
  });

  it('is made from an address that somebody wrote, with the usual for what it does not say', () => {
    const made = (search: string) => madeOver(parseViewState(search), KNOWN);
    expect(made('?view=alerts&make=cell&base=ETH&quote=BTC')).toEqual({
      ...{ kind: 'CELL', base: 'ETH', quote: 'BTC', matrix: 'ID_BENCHMARK' },
    });
    expect(made('?view=alerts&make=cell')).toMatchObject({ base: 'BTC', quote: 'USDT' });
    expect(made('?view=alerts&make=nonsense')).toBeNull();
    expect(made('?view=alerts')).toBeNull();
  });

  it('that stands is typed over as it is: saved untouched, it says the same', () => {
    const draft = draftOf(STORED_RULE);
    expect(ruleOf(draft)).toEqual({
      name: 'Dear',
      line: {
        ...{ kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT', price: 'LAST' },
      },
      condition: { above: 70_000.25 },
      cooldown: '1h',
    });
    expect(areChannelsAsStored(draft, STORED_RULE)).toBe(true);
    expect(channelsOf(draft)).toEqual([{ id: 'c', kind: 'SLACK', name: 'desk' }]);
    const [channel] = draft.channels;
    const changed = { ...draft, channels: channel ? [{ ...channel, url: ' https://a ' }] : [] };
    expect(areChannelsAsStored(changed, STORED_RULE)).toBe(false);
    expect(channelsOf(changed)).toEqual([
      { id: 'c', kind: 'SLACK', name: 'desk', url: 'https://a' },
    ]);
    expect(areChannelsAsStored({ ...draft, channels: [] }, STORED_RULE)).toBe(false);
  });

  it('is called by what it says where nobody names it, and is none without a number', () => {
    const draft = newDraft({ kind: 'CELL', base: 'BTC', quote: 'USDT' });
    expect(ruleOf(draft)).toBeNull();
    expect(ruleOf({ ...draft, level: '70,000' })).toMatchObject({
      name: 'BTC/USDT price is above 70,000 USDT',
      condition: { above: 70_000 },
    });
    expect(ruleOf({ ...draft, watch: 'moves', cooldown: '' })).toEqual({
      name: 'BTC/USDT price moves 3 % within 15m',
      line: { kind: 'CELL', base: 'BTC', quote: 'USDT' },
      condition: { movesPercent: 3, within: '15m' },
    });
  });

  it('takes numbers as people type them, and nothing that could be meant otherwise', () => {
    expect(['70000', '70,000.5', ' 1 234 567 ', '−3', '-0.25', '1e3'].map(typedNumber)).toEqual([
      ...[70_000, 70_000.5, 1_234_567, -3, -0.25, 1_000],
    ]);
    expect(['', ' ', '1,5', '1,2345', 'x', '7,00,000', 'Infinity'].map(typedNumber)).toEqual(
      Array(7).fill(null),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(typedNumber(String(value))).toBe(value + 0);
      }),
    );
  });

  it('says in words what it watches, and its values with their unit', () => {
    expect(LINES.map(lineWords)).toEqual([
      'ETH/BTC Δ% over 24 h',
      'BTC/USDT price',
      'strength of ETH',
      'volatility of BTC in USDT over 2d by 30m',
      'value of the wallet in USDT',
      'value of the BTC held in USDT',
      'luggage',
      'largest deviation from one price',
      'beta of BTC and ETH in USDT over 7d by 1h',
    ]);
    const price = { kind: 'CELL', base: 'BTC', quote: 'USDT' } as const;
    expect(conditionWords({ crosses: 0.000_012_5 }, price)).toBe('crosses 0.0000125 USDT');
    expect(valueWords({ ...price, matrix: 'ID_PERCENT' }, -1.5)).toBe('−1.500 %');
    expect(valueWords(price, 61_000.004)).toBe('61,000.00 USDT');
    expect(valueWords({ kind: 'CONSISTENCY', consistency: 'MAX_BPS' }, 12.25)).toBe('12.250 bp');
    expect(valueWords({ kind: 'WINDOW', window: 'COVARIANCE' }, 1.25e-7)).toBe('0.00000012500');
    expect(valueWords({ kind: 'STRATEGY', strategy: 'IMPRINT' }, 1.0023)).toBe('1.0023');
  });
});

describe('what the server refuses', () => {
  it('is said beside its field, in the words that follow its name; the rest below the form', () => {
    const faults = faultsOf([
      { field: ['input', 'line', 'base'], message: 'input.line.base: "X" is unknown' },
      { field: null, message: 'there are too many' },
    ]);
    expect([...faults]).toEqual([
      ['line.base', '"X" is unknown'],
      ['', 'there are too many'],
    ]);
    expect(restOf(faults, ['line.'])).toEqual(['there are too many']);
  });
});

describe('rules as a file', () => {
  it('have what can be given back, and no more; what is none is said by its place', () => {
    const text = toRuleFile([STORED_RULE]);
    expect(JSON.parse(text)).toEqual([
      {
        ...{ id: 'rule-1', name: 'Dear', enabled: true, cooldown: '1h' },
        line: {
          ...{ kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT', price: 'LAST' },
        },
        condition: { above: 70_000.25 },
        channels: [{ id: 'c', kind: 'SLACK', name: 'desk' }],
      },
    ]);
    expect(readRuleFile(text)).toMatchObject([
      { place: 'Rule 1 (Dear)', id: 'rule-1', input: { name: 'Dear', cooldown: '1h' } },
    ]);
    expect(readRuleFile('{}')).toBe('The file has no list of rules.');
    expect(readRuleFile('[{}, 3]')).toBe('Rule 2 of the file is no object.');
    expect(readRuleFile('[')).toMatch(/^The file is no JSON: /);
  });

  it('are made without channels that are stored; what is no list of channels goes to the server as it is', () => {
    const rule = { name: 'Dear', line: { kind: 'WALLET' as const }, condition: {} };
    const made = { kind: 'SLACK' as const, name: 'desk', url: 'https://hooks.example.org/x' };
    expect(withoutStored({ ...rule, channels: [{ ...made, id: 'c' }] })).toEqual(rule);
    expect(withoutStored({ ...rule, channels: [{ ...made, id: 'c' }, made] }).channels).toEqual([
      made,
    ]);
    for (const channels of [{}, 'desk', [null], [3]] as never[]) {
      expect(withoutStored({ ...rule, channels })).toEqual({ ...rule, channels });
    }
  });

  it('change the rule of their id, else the only one of their name', () => {
    const other = { ...STORED_RULE, id: 'rule-2' };
    const filed = (id: string | null, name = 'Dear') => ({
      place: '',
      id,
      input: { name, line: { kind: 'WALLET' as const }, condition: {} },
    });
    expect(standingOf(filed('rule-2', 'New'), [STORED_RULE, other])).toBe(other);
    expect(standingOf(filed(null), [STORED_RULE])).toBe(STORED_RULE);
    expect(standingOf(filed(null), [STORED_RULE, other])).toBeNull();
  });
});
