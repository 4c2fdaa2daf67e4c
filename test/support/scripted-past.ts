import { pairKey, type Pair } from '../../src/domain/asset.js';
import type { AskedMinutes, DayCloses } from '../../src/history/backfill/day-closes.js';
import type {
  ClosesResult,
  CloseSource,
  MinuteClose,
  MinuteRange,
} from '../../src/market/close-source.js';

export const MINUTE = 60_000;
/** A midnight, milliseconds since 1970, and which day that is. */
export const FIRST_DAY = 20_000;
export const MIDNIGHT = FIRST_DAY * 86_400_000;

export const PAIRS: readonly Pair[] = [
  { symbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' },
  { symbol: 'ETHBTC', base: 'ETH', quote: 'BTC' },
];

/** What a symbol closed at in a minute. */
export function closeOf(symbol: string, minute: number): number {
  return symbol.length * 1000 + ((minute / MINUTE) % 997) / 100;
}

/** The past of an exchange, with each call as it was made; what comes of one may be another thing. */
export class ScriptedPast implements CloseSource {
  readonly mostMinutes: number;
  readonly calls: { readonly symbol: string; readonly minutes: number }[] = [];
  /** Answers in its place; null lets it answer. */
  instead: (symbol: string, call: number) => ClosesResult | null = () => null;
  /** From when on a symbol is listed. */
  listedSince = new Map<string, number>();

  constructor(mostMinutes = 1000) {
    this.mostMinutes = mostMinutes;
  }

  exchangeTime(): number {
    return MIDNIGHT + 30 * 86_400_000;
  }

  closes(
    symbol: string,
    { from, to }: MinuteRange,
    _signal: AbortSignal,
    most = this.mostMinutes,
  ): Promise<ClosesResult> {
    const odd = this.instead(symbol, this.calls.length);
    this.calls.push({ symbol, minutes: Math.min((to - from) / MINUTE, most) });
    if (odd) return Promise.resolve(odd);
    const closes: MinuteClose[] = [];
    const begin = Math.max(from, this.listedSince.get(symbol) ?? 0);
    for (let minute = begin; minute < to && closes.length < most; minute += MINUTE) {
      closes.push({ minute, close: closeOf(symbol, minute) });
    }
    return Promise.resolve({ ok: true, closes, faultCount: 0, faults: [] });
  }
}

/** The layer in memory. */
export class DaysInMemory {
  readonly stored = new Map<string, DayCloses>();

  asked(day: number): Promise<ReadonlyMap<string, AskedMinutes>> {
    const own = [...this.stored.values()].filter((each) => each.day === day);
    return Promise.resolve(new Map(own.map((each) => [pairKey(each.pair), each])));
  }

  days(pairs: readonly Pair[], days: readonly number[]): Promise<DayCloses[]> {
    const found = days.flatMap((day) => pairs.map((pair) => this.stored.get(keyOf(pair, day))));
    return Promise.resolve(found.filter((each) => each !== undefined));
  }

  save(day: DayCloses): Promise<void> {
    this.stored.set(keyOf(day.pair, day.day), { ...day, closes: day.closes.slice() });
    return Promise.resolve();
  }
}

function keyOf(pair: Pair, day: number): string {
  return `${day} ${pairKey(pair)}`;
}
