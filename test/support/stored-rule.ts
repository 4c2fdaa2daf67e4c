import type { AlertRuleFragment } from '../../src/generated/operations.js';

/** A rule as the server has it, with all that it says of one. */
export const STORED_RULE: AlertRuleFragment = {
  id: 'rule-1',
  name: 'Dear',
  version: 3,
  line: {
    ...{ kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT', price: 'LAST' },
    ...{ feeBps: null, asset: null, figure: null, in: null, strategy: null, consistency: null },
    ...{ window: null, over: null, step: null, lag: null },
  },
  condition: { above: 70_000.25, below: null, crosses: null, movesPercent: null, within: null },
  cooldown: '1h',
  channels: [
    { id: 'c', kind: 'SLACK', name: 'desk', target: 'hooks', enabled: true, problem: null },
  ],
  enabled: true,
  problem: null,
};
