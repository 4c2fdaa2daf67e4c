import { Extensions } from 'type-graphql';
import type { CycleSource } from '../feeds/cycle-source.js';
import type { Context } from './context.js';

/** A field's arguments as they were coerced; none where they are wrong. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What is known of the place where a field stands, before anything is worked out. */
export interface Place {
  /** How many assets the universe has. */
  readonly universeSize: number;
  /** How many cells a table of numbers has there. */
  readonly cells: number;
}

/** What a field makes of its place. */
export interface FieldCost {
  /** How many values it stands for itself: what is held against the largest cost. */
  readonly values: number;
  /** How many fields' worth of work that is: a field takes many times as long as a cell of a table. */
  readonly fields: number;
  /** How often its selection is worked out. */
  readonly times: number;
  /** How many cells a table of numbers below it has, where that changes. */
  readonly cells?: number;
}

export type CostOf = (args: Arguments, place: Place) => FieldCost;

/** Where many fields of a cycle read them together, each counts its part. */
export type CyclesRead = (args: Arguments, place: Place) => number;

/** What stands on a field beside its type, all that the admission of operations goes by. */
export interface FieldTraits {
  /** Without it a field counts 1: every field that is a list or a table has one. */
  readonly cost?: CostOf;
  /** How many stored cycles it reads. */
  readonly cyclesRead?: CyclesRead;
  /** It follows from the matrices of its cycle, which are derived for it as a whole. */
  readonly isDerived?: true;
  /** It is made of stored cycles and settings alone: the same for all until the next turn. */
  readonly isByTurn?: true;
  /** Whether what it gives stays the same for good, as long as what is stored stays. */
  readonly isFixed?: (args: Arguments) => boolean;
  /** A subscription that brings all callers the same, but for where it begins. */
  readonly sharedAfter?: string;
}

/** The traits of a field of the schema. */
export function traitsOf(field: { readonly extensions?: FieldTraits }): FieldTraits {
  return field.extensions ?? {};
}

const put = (traits: FieldTraits) => Extensions({ ...traits });

/** What a field costs that stands for many values. */
export const Costs = (cost: CostOf) => put({ cost });

/** Reads so many stored cycles. */
export const ReadsCycles = (cyclesRead: CyclesRead) => put({ cyclesRead });

/** Follows from the matrices of its cycle. */
export const Derived = () => put({ isDerived: true });

/**
 * Is made of stored cycles and the settings that they ran under: whoever may ask gets the same until the
 * next turn, or until something is removed. A field of Query without it is taken to depend on more.
 */
export const ByTurn = () => put({ isByTurn: true });

/**
 * Is of turns, or of a range of time, that its arguments name: once there is a value, it changes only with
 * what is stored; that a range is not over is for its resolver to say. A field of Query without it is taken
 * to say what is latest.
 */
export const FixedWhere = (isFixed: (args: Arguments) => boolean) => put({ isFixed });

/**
 * Brings the same to all who ask the same, so that it is worked out once for them; its `subscribe` is a
 * {@link SharedSource}.
 * @param after the argument that says after which turn to begin: what follows looks the same to all
 */
export const SharedAfter = (after: string) => put({ sharedAfter: after });

/** Where a subscription that is shared begins: all that its callers differ in. */
export type SharedSource<Args> = (options: {
  readonly args: Args;
  readonly context: Context;
}) => Promise<CycleSource>;

/** A list of so many values without a selection. */
export function values(count: number): FieldCost {
  return { values: count, fields: count, times: 1 };
}

/** A list of so many objects. */
export function objects(count: number): FieldCost {
  return { values: 1, fields: 1, times: count };
}

/** A list that is never more than a handful, or whose items are counted where it is asked for. */
export const FEW: CostOf = () => values(1);

/** A table of numbers, which is one field. */
export const TABLE: CostOf = (_args, { cells }) => ({
  values: Math.max(1, cells),
  fields: 1,
  times: 1,
});

/** A list of names beside such tables: each takes as long as some cells. */
export const NAMES: CostOf = (_args, { cells }) => ({
  values: Math.max(1, cells),
  fields: Math.max(1, Math.ceil(cells / 10)),
  times: 1,
});

/** How many items an argument lists; all of them without it. */
export function lengthOf(value: unknown, otherwise: number): number {
  return Array.isArray(value) ? value.length : otherwise;
}

/** What an argument asks for; what is no such number is refused later. */
export function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value > 0 ? value : otherwise;
}
