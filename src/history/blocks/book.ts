import { numberAt } from '../../domain/cells.js';
import { isSame, packColumn, placesOf, unpackColumn } from './column.js';
import { columnOf } from './records.js';
import type { Columns } from './block.js';

/** The prices of a pair that are near each other. */
interface Book {
  readonly last: Float64Array;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
}

/** By how much a last price is above the bid, in ticks: not at all, by all of the spread, else by so many. */
const AT_BID = 0;
const AT_ASK = -1;

/**
 * The book beside the last price, which was traded at its bid or its ask most often: how far they are
 * apart, and at which of them. What that takes is half of what bid and ask take one after the other.
 * @returns null where there is no tick of which all prices are whole ones, or no last price at a turn
 */
export function packBook({ last, bid, ask }: Book): Columns | null {
  let places = 0;
  for (const prices of [last, bid, ask]) {
    const own = placesOf(prices.filter((price) => !Number.isNaN(price)));
    if (own === null) return null;
    places = Math.max(places, own);
  }
  const ticks = ticksOver(places);
  const spread = ask.map((price, at) => ticks(price) - ticks(bid[at] as number));
  const sides = last.map((price, at) => {
    const above = ticks(price) - ticks(bid[at] as number);
    if (above === 0) return AT_BID;
    if (above === spread[at]) return AT_ASK;
    return above > 0 ? above : above - 1;
  });
  const columns = {
    places: Uint8Array.of(places),
    spread: packColumn(spread),
    sides: packColumn(sides),
  };
  const unpacked = unpackBook(columns, last);
  return isSame(unpacked.bid, bid) && isSame(unpacked.ask, ask) ? columns : null;
}

/** Whether a book is among some columns. */
export function hasBook(columns: Columns): boolean {
  return 'spread' in columns;
}

/** @throws {BlockFault} */
export function unpackBook(columns: Columns, last: Float64Array): Pick<Book, 'bid' | 'ask'> {
  const unit = 10 ** (columnOf(columns, 'places')[0] ?? 0);
  const spread = unpackColumn(columnOf(columns, 'spread'), last.length);
  const sides = unpackColumn(columnOf(columns, 'sides'), last.length);
  const [bid, ask] = [new Float64Array(last.length), new Float64Array(last.length)];
  for (let at = 0; at < last.length; at++) {
    const side = numberAt(sides, at);
    const apart = numberAt(spread, at);
    const above = side === AT_ASK ? apart : side < AT_ASK ? side + 1 : side;
    const under = Math.round(numberAt(last, at) * unit) - above;
    bid[at] = under / unit;
    ask[at] = (under + apart) / unit;
  }
  return { bid, ask };
}

function ticksOver(places: number): (price: number) => number {
  const unit = 10 ** places;
  return (price) => Math.round(price * unit);
}
