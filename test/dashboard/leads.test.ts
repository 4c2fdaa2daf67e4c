import { describe, expect, it } from 'vitest';
import { assetsOfNote, bandsOf, leadsOf } from '../../src/dashboard/strategy/leads.js';
import { brokenAt } from '../../src/dashboard/parts/breaks.js';
import { imprintWords, luggageWords, reachedWords } from '../../src/dashboard/strategy/waits.js';

describe('who led', () => {
  const assets = [
    { asset: 'A', values: [0.5, 0.5, 0.1, 0.2, null, 0.2] },
    { asset: 'B', values: [0.4, 0.5, 0.9, 0.8, null, 0.2] },
  ];

  it('is told by whose quant that of the strategy is; of two with the same, who led before', () => {
    const quant = [0.5, 0.5, 0.9, 0.8, null, 0.2];
    expect(leadsOf([10, 20, 30, 40, 50, 60], quant, assets)).toEqual([
      { asset: 'A', from: 10, to: 30 },
      { asset: 'B', from: 30, to: 40 },
      { asset: 'A', from: 60, to: 60 },
    ]);
  });

  it('is drawn in one colour for each asset, and has a line before all others', () => {
    const leads = [
      { asset: 'B', from: 10, to: 30 },
      { asset: 'A', from: 30, to: 40 },
      { asset: 'B', from: 40, to: 60 },
    ];
    const colours = bandsOf(leads, ['A', 'B'], (place) => `--chart-${place + 1}`).map(
      ({ colour }) => colour,
    );
    expect(colours).toEqual(['--chart-2', '--chart-1', '--chart-2']);
    const more = [...assets, { asset: 'C', values: [1] }, { asset: 'D', values: [0.1] }];
    expect(assetsOfNote(more, leads, 3)).toEqual(['B', 'A', 'C']);
  });
});

describe('a line of turns', () => {
  it('is broken where the history has a gap, with what it tells', () => {
    const line = { name: '', format: String, times: [1, 2, 9, 10], values: [5, 6, 7, 8] };
    const gap = { name: '', colour: '', from: 2, to: 9 };
    expect(brokenAt([line, { ...line, told: [1, 1, 1, 1] }], [gap])).toMatchObject([
      { times: [1, 2, 3, 9, 10], values: [5, 6, null, 7, 8] },
      { told: [1, 1, null, 1, 1] },
    ]);
    expect(brokenAt([line], [{ ...gap, from: 1 }])).toEqual([line]);
  });
});

describe('what the strategy waits for', () => {
  const cycle = (aux: object, turn = 9) =>
    ({
      turn,
      config: { quantBase: 'USDT', expectedImprint: 1.02, expectedLuggage: 1 },
      aux: { leadQuant: 'DOGE', leadSince: 3, imprint: 1.0052, luggage: 0.99, ...aux },
    }) as unknown as Parameters<typeof imprintWords>[0];

  it('is a sentence with the numbers of the turn', () => {
    expect(imprintWords(cycle({ imprintReached: false }))).toBe(
      'The price of DOGE rose 0.52 % since it took the lead: the settings wait for 1.0200, which is 1.47 % more.',
    );
    expect(luggageWords(cycle({ luggageReached: false }))).toBe(
      'The wallet lost 1.00 % under DOGE: the settings wait for 1.0000, which is 1.01 % more.',
    );
    expect(imprintWords(cycle({ imprint: 1.03, imprintReached: true }))).toBe(
      'The price of DOGE rose 3.00 % since it took the lead: at or above the 1.0200 that the settings wait for.',
    );
  });

  it('is nothing yet at the turn with which a lead begins, whatever is expected', () => {
    const first = cycle({ leadSince: 9, imprint: 1, imprintReached: true });
    const luggage = 1 - 1e-5;
    expect(luggageWords(cycle({ luggage, luggageReached: false }))).toBe(
      'The wallet lost less than 0.01 % under DOGE: the settings wait for 1.0000, which is less than 0.01 % more.',
    );
    expect(luggageWords(cycle({ luggage: 1, luggageReached: true }))).toMatch(/has not moved/);
    expect(imprintWords(first)).toMatch(/^DOGE took the lead with this turn/);
    expect(reachedWords(first, true)).toBeNull();
    expect(reachedWords(cycle({}), true)).toBe('reached');
    expect(reachedWords(cycle({}), false)).toBe('not yet reached');
  });
});
