import { CANDLE_COLUMNS, type Candle, type CandleColumn } from './candle-row.js';

const INDEX = Object.fromEntries(
  CANDLE_COLUMNS.map((column, index) => [column, index]),
) as Readonly<Record<CandleColumn, number>>;

/** The candles of one symbol by their open times, a column an array: a month of minutes is 3 MB. */
export class CandleSeries {
  #columns = CANDLE_COLUMNS.map(() => new Float64Array(1024));
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A value of a candle that is there. */
  at(index: number, column: CandleColumn): number {
    return (this.#columns[INDEX[column]] as Float64Array)[index] as number;
  }

  candle(index: number): Candle {
    return this.#columns.map((values) => values[index] as number);
  }

  push(candle: Candle): void {
    if (this.#length === this.#columns[0]?.length) this.#grow();
    this.#columns.forEach((values, column) => (values[this.#length] = candle[column] as number));
    this.#length++;
  }

  /** How many candles from the start fulfil a condition that holds up to some point. */
  countUntil(holds: (index: number) => boolean): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes the candles from an index on away, and gives them. */
  cut(from: number): CandleSeries {
    const tail = new CandleSeries();
    for (let index = from; index < this.#length; index++) tail.push(this.candle(index));
    this.#length = from;
    return tail;
  }

  #grow(): void {
    this.#columns = this.#columns.map((values) => {
      const longer = new Float64Array(2 * values.length);
      longer.set(values);
      return longer;
    });
  }
}

/** The column in which two candles differ; null where they are alike. */
export function differenceOf(a: Candle, b: Candle): CandleColumn | null {
  return CANDLE_COLUMNS.find((_, column) => a[column] !== b[column]) ?? null;
}
