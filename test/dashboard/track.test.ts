import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Client, fetchExchange } from 'urql';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { wallTime } from '../../src/dashboard/format/moment-text.js';
import { askedFor, momentAt, placeOf, rangeOf, ZOOMS } from '../../src/dashboard/time/range.js';
import { readGaps, type Gap } from '../../src/dashboard/time/read-gaps.js';
import { ticksOf } from '../../src/dashboard/time/ticks.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function labels(from: string, to: string, most: number): string {
  return ticksOf(Date.parse(from), Date.parse(to), most, 'local')
    .map(({ label, isDay }) => (isDay ? `[${label}]` : label))
    .join(' ');
}

describe('the track of time', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Berlin');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ['2026-11-24T13:22:08Z', '2026-11-24T14:22:08Z', 8, '14:30 14:40 14:50 15:00 15:10 15:20'],
    ['2026-11-24T13:00:00Z', '2026-11-24T13:00:03Z', 4, '14:00:00 14:00:01 14:00:02 14:00:03'],
    ['2026-11-23T17:00:00Z', '2026-11-24T05:00:00Z', 5, '18:00 21:00 [24 Nov] 03:00 06:00'],
    ['2026-11-20T14:00:00Z', '2026-11-24T14:00:00Z', 5, '[21 Nov] [22 Nov] [23 Nov] [24 Nov]'],
    ['2026-01-17T14:00:00Z', '2026-11-24T14:00:00Z', 9, '[Apr] [Jul] [Oct]'],
    ['2023-12-01T00:00:00Z', '2026-02-01T00:00:00Z', 5, '[2024] [Jul] [2025] [Jul] [2026]'],
    // The nights in which the clock is changed.
    [
      '2026-03-28T22:00:00Z',
      '2026-03-29T04:00:00Z',
      6,
      '23:00 [29 Mar] 01:00 03:00 04:00 05:00 06:00',
    ],
    ['2026-10-24T21:00:00Z', '2026-10-25T05:00:00Z', 4, '[25 Oct] 02:00 04:00 06:00'],
  ])('has round ticks from %s to %s', (from, to, most, expected) => {
    expect(labels(from, to, most)).toBe(expected);
  });

  it('has as many ticks as there is room for, in order, within its range, whatever it is', () => {
    const moment = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') });
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 1, max: 30 }),
        (from, seconds, most) => {
          const to = from + seconds * 1_000;
          const ticks = ticksOf(from, to, most, 'local').map(({ at }) => at);
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
          for (const at of ticks) {
            expect(at).toBeGreaterThanOrEqual(from);
            expect(at).toBeLessThanOrEqual(to);
            expect(at % 1_000).toBe(0);
          }
          // One at either end, and one more where the clock goes back.
          expect(ticks.length).toBeLessThanOrEqual(most + 3);
        },
      ),
      { numRuns: 200 },
    );
    expect(wallTime(0, 'utc').weekday).toBe(4);
  });

  it('shows the newest, or a stretch in which the moment that is looked at has room on both sides', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * DAY }),
        fc.integer({ min: 0, max: 400 * DAY }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...ZOOMS),
        (from, length, part, zoom) => {
          const stored = { from, to: from + length };
          const newest = rangeOf(stored, zoom, null);
          expect(newest.to).toBe(stored.to);
          const shown = from + part * length;
          const range = rangeOf(stored, zoom, shown);
          expect(range.to - range.from).toBe(newest.to - newest.from);
          expect(range.to).toBeLessThanOrEqual(stored.to);
          expect(range.to).toBeGreaterThan(range.from);
          expect(shown).toBeGreaterThanOrEqual(range.from);
          expect(shown).toBeLessThanOrEqual(range.to);
          expect(momentAt(placeOf(shown, range), range)).toBeCloseTo(shown, 0);
        },
      ),
    );
  });

  it('stays where it is while one goes on by turns', () => {
    const stored = { from: 0, to: 100 * DAY };
    const range = rangeOf(stored, '24h', 50 * DAY + HOUR);
    for (let minutes = 1; minutes < 300; minutes++) {
      expect(rangeOf(stored, '24h', 50 * DAY + HOUR + minutes * 60_000)).toEqual(range);
    }
  });

  it('asks for the gaps of what it shows, and with few of the turns anew, also while that grows', () => {
    const from = Date.parse('2026-11-24T03:17:08Z');
    for (const zoom of ZOOMS) {
      const asked = new Set<string>();
      // From six hours to thirty, 2,700 turns.
      for (let turn = 675; turn < 3_375; turn++) {
        const range = rangeOf({ from, to: from + turn * 32_000 }, zoom, null);
        const { from: begin, to: end } = askedFor(range);
        const length = range.to - range.from;
        expect(begin).toBeLessThanOrEqual(range.from);
        expect(end).toBeGreaterThan(range.to);
        expect(end - begin).toBeLessThan(length * (1 + 3 / 24));
        asked.add(`${begin} ${end}`);
      }
      // The hour moves on by its own length each hour, all others are longer.
      expect(asked.size).toBeLessThan(zoom === '1h' ? 1_500 : 100);
    }
  });
});

const GAP: Gap = {
  ...{ afterTurn: 3, beforeTurn: 4, reasons: [] },
  ...{ from: '2026-11-24T00:00:00Z', to: '2026-11-24T01:00:00Z' },
};

/** A client of a server that answers each request as the next of these does, and then as the last. */
async function clientOf(...answers: readonly RequestListener[]): Promise<Client> {
  let asked = 0;
  const server = createServer((request, response) => {
    answers[Math.min(asked++, answers.length - 1)]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  return new Client({ url, preferGetMethod: false, exchanges: [fetchExchange] });
}

describe('the gaps of the track', () => {
  it('stay as they are known where the server gives no answer, and are to be asked for again', async () => {
    const client = await clientOf(
      (request) => request.socket.destroy(),
      (_, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ data: { gaps: [GAP] } }));
      },
    );
    const told: (readonly Gap[])[] = [];
    const read = () =>
      readGaps(
        client,
        { from: 0, to: DAY },
        (gaps) => told.push(gaps),
        () => true,
      );
    expect(await read()).toBe(false);
    expect(told).toEqual([]);
    expect(await read()).toBe(true);
    expect(told).toEqual([[GAP]]);
  });
});
