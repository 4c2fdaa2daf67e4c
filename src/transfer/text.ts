import type { Column, ColumnType } from './columns.js';
import { isNone } from './columns.js';

/** The largest distance from 1970 that a time may have in text, milliseconds. */
const LONGEST_TIME = 8.64e15;

/** A time as RFC 3339 has it; what no calendar has stays a number. */
export function timeText(moment: number): string | number {
  return Math.abs(moment) <= LONGEST_TIME ? new Date(moment).toISOString() : moment;
}

/** The shortest text that reads back as the same double. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Writes values of a type as JSON. */
function jsonTextOf(type: ColumnType): (value: unknown) => string {
  const textOf = jsonText(type);
  return (value) => (isNone(value) ? 'null' : textOf(value));
}

function jsonText(type: ColumnType): (value: unknown) => string {
  if (type === 'double' || type === 'whole') return (value) => numberText(value as number);
  if (type === 'time') return (value) => JSON.stringify(timeText(value as number));
  if (type === 'text' || type === 'flag') return (value) => JSON.stringify(value);
  if ('list' in type) {
    const textOf = jsonTextOf(type.list);
    return (value) => `[${(value as readonly unknown[]).map(textOf).join()}]`;
  }
  const rowText = jsonObjectOf(type.struct);
  return (value) => rowText((name) => (value as Readonly<Record<string, unknown>>)[name]);
}

/** Writes objects of some columns, as JSON, in the order of these. */
export function jsonObjectOf(
  columns: readonly Column[],
): (valueOf: (name: string, at: number) => unknown) => string {
  const parts = columns.map(({ name, type }) => ({
    name,
    key: `${JSON.stringify(name)}:`,
    textOf: jsonTextOf(type),
  }));
  return (valueOf) =>
    `{${parts.map(({ name, key, textOf }, at) => key + textOf(valueOf(name, at))).join()}}`;
}
