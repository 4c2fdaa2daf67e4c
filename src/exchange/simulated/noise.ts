/** A 32-bit hash of a text (FNV-1a), to tell streams of noise apart. */
export function hashText(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(hash);
}

/** Evenly spread over [-1, 1): a pure function of a stream and a whole number. */
export function lattice(stream: number, index: number): number {
  const low = index % 0x1_0000_0000;
  const high = Math.floor(index / 0x1_0000_0000);
  return mix(mix(stream ^ low) ^ Math.imul(high + 1, 0x9e3779b1)) / 0x8000_0000 - 1;
}

/** Evenly spread over [0, 1): a pure function of a stream. */
export function fraction(stream: number): number {
  return (lattice(stream, 0) + 1) / 2;
}

/** Chris Wellons's `lowbias32` integer hash (public domain). */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Smooth value noise in [-1, 1] whose values change from one period to the next. */
export function smooth(stream: number, at: number, periodMs: number): number {
  const index = Math.floor(at / periodMs);
  const part = at / periodMs - index;
  const from = lattice(stream, index);
  const to = lattice(stream, index + 1);
  return between(from, to, part);
}

function between(from: number, to: number, part: number): number {
  return from + (to - from) * part * part * (3 - 2 * part);
}

const SHORTEST_PERIOD_MS = 50;
/** The longest period is 1.7 years: beyond it the walk turns back. */
const OCTAVES = 31;
const DAY_MS = 86_400_000;
const AMPLITUDES = Array.from({ length: OCTAVES }, (_, octave) =>
  Math.sqrt((SHORTEST_PERIOD_MS * 2 ** octave) / DAY_MS),
);

/** How many places of a lattice are kept for each period. */
const KEPT = 8;

/**
 * A random walk as a sum of smooth noise over periods that double, each with the amplitude of a
 * Brownian motion over its period: it moves by about 1 in a day, has structure from 50 ms to
 * years, stays bounded, and any moment can be asked for at the same cost. A pure function: between
 * two neighbours of a lattice, what they are is kept, which is most of the work.
 */
export class Walk {
  readonly #streams: readonly number[];
  readonly #indexes = new Float64Array(OCTAVES * KEPT).fill(NaN);
  readonly #from = new Float64Array(OCTAVES * KEPT);
  readonly #to = new Float64Array(OCTAVES * KEPT);

  constructor(stream: number) {
    this.#streams = Array.from(
      { length: OCTAVES },
      (_, octave) => (stream + Math.imul(octave, 0x9e3779b1)) >>> 0,
    );
  }

  at(moment: number): number {
    let sum = 0;
    for (let octave = 0, periodMs = SHORTEST_PERIOD_MS; octave < OCTAVES; octave++, periodMs *= 2) {
      const position = moment / periodMs;
      const index = Math.floor(position);
      const place = this.#placeOf(octave, index);
      const from = this.#from[place] as number;
      const to = this.#to[place] as number;
      sum += (AMPLITUDES[octave] as number) * between(from, to, position - index);
    }
    return sum;
  }

  #placeOf(octave: number, index: number): number {
    const place = octave * KEPT + Math.abs(index % KEPT);
    if (this.#indexes[place] !== index) {
      const stream = this.#streams[octave] as number;
      this.#indexes[place] = index;
      this.#from[place] = lattice(stream, index);
      this.#to[place] = lattice(stream, index + 1);
    }
    return place;
  }
}
