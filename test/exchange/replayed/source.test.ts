import { describe, expect, it, onTestFinished } from 'vitest';
import { ReplayPlayer } from '../../../src/exchange/replayed/player.js';
import { openRecording } from '../../../src/exchange/replayed/recording.js';
import {
  ReplayedSource,
  type ReplayedSourceOptions,
} from '../../../src/exchange/replayed/source.js';
import type { ExchangeCall } from '../../../src/market/market-port.js';
import { keptLogger } from '../../support/logs.js';
import { ManualClock } from '../../support/exchange.js';
import { at, candle } from '../../support/noon-candles.js';
import { folderWith, MINUTE } from '../../support/recordings.js';

describe('playing', () => {
  const folder = () =>
    folderWith({
      'BTCUSDT.csv': [0, 1, 2, 3].map((minute) => candle(minute, '1', `${minute + 1}`)),
    });
  const open = () => openRecording(folder(), ['BTC', 'USDT']);

  it('goes at the recording’s pace, times a factor, and stands still at the end', async () => {
    const clock = new ManualClock();
    const player = new ReplayPlayer(await open(), 10, clock, null);
    clock.advance(99_999);
    player.advance(null);
    expect(player.now()).toBe(at(1));
    clock.advance(3_000);
    expect(player.now()).toBe(at(1));
    player.release();
    expect(player.now()).toBe(at(1) + 30_000);
    expect(player.advance(player.now())).toBe(true);
    player.release();
    clock.advance(60_000);
    expect(player.now()).toBe(at(4));
    expect(player.advance(at(4))).toBe(false);
  });

  it('goes on after the last stored frame', async () => {
    const player = new ReplayPlayer(await open(), 1, new ManualClock(), at(2) + 17_000);
    expect(player.now()).toBe(at(2) + 17_001);
  });

  it('steps to the first moment after the last stored frame', async () => {
    const player = new ReplayPlayer(await open(), 'step', new ManualClock(), null);
    const seen = [null, at(1), at(2), at(2), at(3), at(4)].map((after) => [
      player.advance(after),
      player.now(),
    ]);
    expect(seen).toEqual([
      [true, at(1)],
      [true, at(2)],
      [true, at(3)],
      [true, at(3)],
      [true, at(4)],
      [false, at(4)],
    ]);
  });

  it('is observed through the exchange’s own API, until it is over', async () => {
    const seen = await observedToTheEnd({ speed: 'step' }, at(1));
    expect(seen).toEqual([[at(2), 2], [at(3), 3], [at(4), 4], 'REPLAY_ENDED']);
  });

  it('is read as of one moment, however long reading takes', async () => {
    const clock = new ManualClock();
    const onCall = ({ endpoint }: ExchangeCall): void => {
      if (endpoint === 'ticker/24hr') clock.advance(10 * MINUTE);
    };
    const seen = await observedToTheEnd({ speed: 1, clock, onCall }, null);
    expect(seen).toEqual([[at(1), 1], [at(4), 4], 'REPLAY_ENDED']);
  });

  /** When each turn was, and the price that it saw; then why there are no more. */
  async function observedToTheEnd(
    options: Pick<ReplayedSourceOptions, 'speed'> & Partial<ReplayedSourceOptions>,
    from: number | null,
  ): Promise<unknown[]> {
    const source = new ReplayedSource({
      path: folder(),
      universe: ['BTC', 'USDT'],
      paperWallet: [],
      clock: new ManualClock(),
      log: keptLogger(),
      ...options,
    });
    onTestFinished(() => source.stop());
    await source.start({ after: from });
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    for (let after = from; ;) {
      const result = await source.observe({ after, signal });
      if (!result.ok) return [...seen, result.failure.code];
      after = result.observation.frame.observedAt;
      seen.push([after, result.observation.frame.tickers[0]?.last]);
    }
  }
});
