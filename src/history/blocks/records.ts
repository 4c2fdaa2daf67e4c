import { firstPace, type Pace } from '../../scheduling/slices.js';
import type { TurnRecord } from '../turn-chunk.js';
import { BlockFault } from './bytes.js';
import { packColumn, unpackColumn } from './column.js';
import { ownNumbers, sourcesOf, withSources } from './sources.js';
import { packTexts, unpackTexts } from './texts.js';

/**
 * The records of turns as columns by name, two for each field wherever it stands: its numbers, with a
 * third one where other fields have them, too; and whatever else. So everything is kept that a cycle
 * has beside its frame, also what a later version adds. A list of numbers has columns for each place;
 * any other list, such as the balances with their exact decimals, is one text.
 */
export type PackedRecords = Readonly<Record<string, Uint8Array>>;

/** Where a field stands: names, and places in a list. */
type Path = readonly (string | number)[];
type Leaf = { readonly path: Path; readonly value: unknown };

/** A field of the records, by turn. */
interface Field {
  /** The path of the list that it is a place of; null where it is of none. */
  readonly list: string | null;
  /** NaN where it is no number. */
  readonly numbers: Float64Array;
  readonly others: (string | null)[];
}

/** The column with the paths of all fields. */
const PATHS = 'paths';
/** So many bytes a number are worth to look whether another field has it. */
const WORTH_A_SOURCE = 1;
/** Stands for a number among what is none; all else there is JSON. */
const NUMBER = '#';

export async function packRecords(
  records: readonly (TurnRecord | null)[],
  pace: Pace = firstPace(),
): Promise<PackedRecords> {
  const fields = new Map<string, Field>();
  for (const [at, record] of records.entries()) {
    if (record === null) continue;
    if (pace.isSpent) await pace.next();
    for (const { path, value } of leavesOf(record, [])) {
      const name = JSON.stringify(path);
      let field = fields.get(name);
      if (!field) {
        const numbers = new Float64Array(records.length).fill(NaN);
        const others = new Array<string | null>(records.length).fill(null);
        field = { list: listOf(path), numbers, others };
        fields.set(name, field);
      }
      if (typeof value === 'number') field.numbers[at] = value;
      field.others[at] = typeof value === 'number' ? NUMBER : JSON.stringify(value);
    }
  }
  const packed: Record<string, Uint8Array> = {
    [PATHS]: packTexts([`[${[...fields.keys()].join(',')}]`]),
  };
  const known: Field[] = [];
  for (const [number, field] of [...fields.values()].entries()) {
    if (pace.isSpent) await pace.next();
    Object.assign(packed, packNumbers(number, field, known));
    packed[`o${number}`] = packTexts(field.others);
    known.push(field);
  }
  return packed;
}

/**
 * By themselves, or by the fields before, of which they may be what is shown once more; but not by places of
 * the same list, each of which is of something else: with those, hundreds of assets would take seconds.
 */
function packNumbers(
  number: number,
  { list, numbers }: Field,
  known: readonly Field[],
): PackedRecords {
  const plain = packColumn(numbers);
  if (plain.length < WORTH_A_SOURCE * numbers.length) return { [`n${number}`]: plain };
  const isOther = (field: Field): boolean => list === null || field.list !== list;
  const others = known.map((field) => (isOther(field) ? field.numbers : null));
  const sources = sourcesOf(numbers, others);
  const own = packColumn(ownNumbers(numbers, sources));
  const of = packColumn(Float64Array.from(sources));
  if (own.length + of.length >= plain.length) return { [`n${number}`]: plain };
  return { [`n${number}`]: own, [`s${number}`]: of };
}

/**
 * @param length of how many turns
 * @throws {BlockFault}
 */
export async function unpackRecords(
  packed: PackedRecords,
  length: number,
  pace: Pace = firstPace(),
): Promise<(TurnRecord | null)[]> {
  const [paths] = unpackTexts(columnOf(packed, PATHS), 1, (text) => JSON.parse(text) as Path[]);
  const records = new Array<Record<string, unknown> | null>(length).fill(null);
  const known: Float64Array[] = [];
  for (const [number, path] of (paths ?? []).entries()) {
    if (pace.isSpent) await pace.next();
    const numbers = numbersOf(packed, number, length, known);
    known.push(numbers);
    const others = unpackTexts(columnOf(packed, `o${number}`), length, otherOf);
    for (let at = 0; at < length; at++) {
      const other = others[at];
      if (!other) continue;
      put((records[at] ??= {}), path, other.isNumber ? numbers[at] : other.value);
    }
  }
  return records as unknown as (TurnRecord | null)[];
}

/**
 * The numbers of one field of the records alone; NaN where there is none.
 * @throws {BlockFault}
 */
export function unpackNumbers(packed: PackedRecords, field: string, length: number): Float64Array {
  const [paths] = unpackTexts(columnOf(packed, PATHS), 1, (text) => JSON.parse(text) as Path[]);
  const number = (paths ?? []).findIndex((path) => path.length === 1 && path[0] === field);
  if (number === -1) return new Float64Array(length).fill(NaN);
  const before: Float64Array[] = [];
  if (packed[`s${number}`]) {
    for (let n = 0; n < number; n++) before.push(numbersOf(packed, n, length, before));
  }
  return numbersOf(packed, number, length, before);
}

/** @param before the numbers of the fields before */
function numbersOf(
  packed: PackedRecords,
  number: number,
  length: number,
  before: readonly Float64Array[],
): Float64Array {
  const own = unpackColumn(columnOf(packed, `n${number}`), length);
  const sources = packed[`s${number}`];
  return sources ? withSources(own, unpackColumn(sources, length), before) : own;
}

/** A column by its name. @throws {BlockFault} */
export function columnOf(packed: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  const column = packed[name];
  if (column === undefined) throw new BlockFault(`its column ${name} is missing`);
  return column;
}

function* leavesOf(value: object, path: Path): Generator<Leaf> {
  for (const [name, field] of Object.entries(value) as [string, unknown][]) {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    if (isTakenApart(field)) yield* leavesOf(field, here);
    else if (field !== undefined) yield { path: here, value: field };
  }
}

function listOf(path: Path): string | null {
  return typeof path.at(-1) === 'number' ? JSON.stringify(path.slice(0, -1)) : null;
}

function isTakenApart(field: unknown): field is object {
  if (typeof field !== 'object' || field === null) return false;
  if (!Array.isArray(field)) return Object.keys(field).length > 0;
  const isOfNumbers = field.every((each) => typeof each === 'number' || each === null);
  return isOfNumbers && field.length > 0;
}

function otherOf(text: string): { readonly isNumber: boolean; readonly value: unknown } {
  if (text === NUMBER) return { isNumber: true, value: null };
  return { isNumber: false, value: JSON.parse(text) };
}

function put(record: Record<string, unknown>, path: Path, value: unknown): void {
  let place: Record<string | number, unknown> = record;
  for (let step = 0; step < path.length - 1; step++) {
    const name = path[step] as string | number;
    place[name] ??= typeof path[step + 1] === 'number' ? [] : {};
    place = place[name] as Record<string | number, unknown>;
  }
  place[path.at(-1) as string | number] = value;
}
