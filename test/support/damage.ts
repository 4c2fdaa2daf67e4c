import fc from 'fast-check';
import { BSON } from 'mongodb';

type Fields = Record<string, unknown>;

/** A way of changing a document. */
export interface Damage {
  readonly words: string;
  /** Whether a reader must not care. */
  readonly isHarmless: boolean;
  readonly apply: (document: Fields) => Fields;
}

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, NaN, Infinity, -5, 0, 1.5, 1e300, '', 'x', true),
  fc.constantFrom<unknown>([], {}, [1], { a: 1 }, new Date(0), BSON.Long.fromNumber(2 ** 60)),
  fc.constantFrom<unknown>(
    new BSON.ObjectId(),
    new BSON.Binary(Buffer.from('x')),
    BSON.Decimal128.fromString('1'),
  ),
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 8 }),
  fc.date(),
);

/** The places of a document: each field, and each field of those that hold fields. */
function placesIn(fields: Fields, above: readonly string[] = []): string[][] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const here = [...above, name];
    return isFields(value) || Array.isArray(value)
      ? [here, ...placesIn(value as Fields, here)]
      : [here];
  });
}

function isFields(value: unknown): value is Fields {
  return (
    Object.prototype.toString.call(value) === '[object Object]' &&
    !('_bsontype' in (value as Fields))
  );
}

function changed(
  document: Fields,
  [name, ...below]: readonly string[],
  change: (value: unknown) => unknown,
): Fields {
  const copy = (Array.isArray(document) ? [...document] : { ...document }) as Fields;
  if (name === undefined) return copy;
  if (below.length > 0) copy[name] = changed(copy[name] as Fields, below, change);
  else {
    const value = change(copy[name]);
    if (value === undefined && !Array.isArray(copy)) delete copy[name];
    else copy[name] = value ?? null;
  }
  return copy;
}

function shuffled(value: unknown, swap: number): unknown {
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(
    ([name, inner]) => [name, shuffled(inner, swap)] as const,
  );
  const at = entries.length === 0 ? 0 : swap % entries.length;
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at).reverse()]);
}

/** The same numbers in the other ways that BSON has for them. */
function rewritten(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isInteger(value) && !Object.is(value, -0) ? new BSON.Double(value) : value;
  }
  if (Array.isArray(value)) return value.map(rewritten);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rewritten(inner)]));
}

function pick<T>(from: readonly T[], at: number): T {
  return from[at % from.length] as T;
}

/** A letter or digit of a text becomes another one. */
function misspelt(value: unknown, at: number, by: string): unknown {
  if (typeof value !== 'string' || value === '') return value;
  const index = at % value.length;
  return value.slice(0, index) + by + value.slice(index + 1);
}

const damages: fc.Arbitrary<Damage>[] = [
  fc.tuple(fc.nat(), anything).map(([at, value]) => ({
    words: `place ${at} becomes another`,
    isHarmless: false,
    apply: (document) => changed(document, pick(placesIn(document), at), () => value),
  })),
  fc.nat().map((at) => ({
    words: `place ${at} is gone`,
    isHarmless: false,
    apply: (document) => changed(document, pick(placesIn(document), at), () => undefined),
  })),
  fc
    .tuple(fc.nat(), fc.nat(), fc.constantFrom('0', '7', '9', '-', ' ', 'A', '\u0000', '\ufffd'))
    .map(([at, letter, by]) => ({
      words: `a letter of place ${at} becomes ${by}`,
      isHarmless: false,
      apply: (document) => {
        const texts = placesIn(document).filter(
          (place) => typeof valueAt(document, place) === 'string',
        );
        return changed(document, pick(texts, at), (value) => misspelt(value, letter, by));
      },
    })),
  fc.tuple(fc.nat(), fc.double({ noNaN: true })).map(([at, by]) => ({
    words: `number ${at} becomes ${by}`,
    isHarmless: false,
    apply: (document) => {
      const numbers = placesIn(document).filter(
        (place) => typeof valueAt(document, place) === 'number',
      );
      return changed(document, pick(numbers, at), (value) => (value as number) + by);
    },
  })),
  fc.nat().map((bit) => ({
    words: `bit ${bit} is flipped`,
    isHarmless: false,
    apply: (document) => {
      const bytes = BSON.serialize(document);
      bytes[Math.floor(bit / 8) % bytes.length]! ^= 1 << (bit % 8);
      return BSON.deserialize(bytes, { validation: { utf8: false } });
    },
  })),
  fc.nat().map((swap) => ({
    words: 'fields in another order',
    isHarmless: true,
    apply: (document) => shuffled(document, swap) as Fields,
  })),
  fc.constant({
    words: 'numbers as doubles',
    isHarmless: true,
    apply: (document: Fields) => rewritten(document) as Fields,
  }),
  fc.constantFrom([], ['aux'], ['config']).map((above) => ({
    words: `one more field in ${above.join()}`,
    isHarmless: true,
    apply: (document: Fields) =>
      above.length === 0
        ? { ...document, more: 1 }
        : changed(document, above, (inner) => ({ ...(inner as Fields), more: 'x' })),
  })),
];

/** Any change that somebody or something may make to a document. */
export const damage: fc.Arbitrary<Damage> = fc.oneof(...damages);

function valueAt(document: Fields, place: readonly string[]): unknown {
  return place.reduce<unknown>((inner, name) => (inner as Fields)[name], document);
}
