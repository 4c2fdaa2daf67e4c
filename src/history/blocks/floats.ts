/**
 * Doubles by where they stand among all doubles: from one to the next one is a step, and from what is
 * expected in the place of a number to the number itself a whole number of steps, few where both are
 * near. So numbers that no power of ten makes whole take no more than what is not known of them.
 */
const HIGH = 2 ** 32;
/** So many steps are an exact number. */
const MOST_STEPS = 2 ** 52;

/** What is expected: the number before, or where the last two point to. */
export const FLOAT_ORDERS = [1, 2] as const;

/** From what is expected in the place of each number to that number. */
interface Steps {
  /** 0 where there are too many, and at the first one. */
  readonly steps: Float64Array;
  /** The places of those. */
  readonly jumps: readonly number[];
}

/** @param order one of {@link FLOAT_ORDERS} */
export function stepsOf(values: Float64Array, order: number): Steps {
  const [expected, found] = [new Place(), new Place()];
  const jumps: number[] = [];
  const steps = values.map((value, at) => {
    expected.set(expectedAt(values, at, order));
    found.set(value);
    const count = (found.high - expected.high) * HIGH + (found.low - expected.low);
    if (at > 0 && Math.abs(count) <= MOST_STEPS) return count;
    jumps.push(at);
    return 0;
  });
  return { steps, jumps };
}

/** Takes the steps again. @param values has the numbers at the jumps, and gets all others */
export function takeSteps({ steps, jumps }: Steps, order: number, values: Float64Array): void {
  const place = new Place();
  for (let at = 0, jump = 0; at < values.length; at++) {
    if (at === jumps[jump]) {
      jump++;
      continue;
    }
    place.set(expectedAt(values, at, order));
    values[at] = place.after(steps[at] as number);
  }
}

function expectedAt(values: Float64Array, at: number, order: number): number {
  const before = values[at - 1] ?? 0;
  if (order === 1 || at < 2) return before;
  const ahead = 2 * before - (values[at - 2] as number);
  return Number.isFinite(ahead) ? ahead : before;
}

/** The place of a double among all of them, as a whole number of two words. */
class Place {
  readonly #view = new DataView(new ArrayBuffer(8));
  high = 0;
  low = 0;

  set(value: number): void {
    this.#view.setFloat64(0, value);
    const high = this.#view.getInt32(0);
    const low = this.#view.getUint32(4);
    // Of negative ones, those with the larger bits come first.
    this.high = high < 0 ? high ^ 0x7fffffff : high;
    this.low = high < 0 ? ~low >>> 0 : low;
  }

  /** The double that is so many steps further. */
  after(steps: number): number {
    const there = this.low + steps;
    const carried = Math.floor(there / HIGH);
    const high = this.high + carried;
    const low = there - carried * HIGH;
    this.#view.setInt32(0, high < 0 ? high ^ 0x7fffffff : high);
    this.#view.setUint32(4, high < 0 ? ~low >>> 0 : low);
    return this.#view.getFloat64(0);
  }
}
