import { SeriesValues } from '../graphql/series-text.js';

/** The one field of an operation, as it was answered. */
export type Answered = Readonly<Record<string, unknown>>;

interface Column {
  readonly name: string;
  readonly values: readonly (string | number | null)[];
}

/**
 * The columns of a series, or of candles, as CSV (RFC 4180): a row for each bucket, its start as RFC
 * 3339 text; nothing between two commas where there is no value.
 */
export function seriesCsv(answer: Answered): string {
  const lines = (answer['lines'] ?? []) as readonly Answered[];
  return written([
    ...columnsOf(answer, (field) => field),
    ...lines.flatMap((line) => columnsOf(line, (field) => nameOf(line, field))),
  ]);
}

/** The columns of an attribution as CSV in the same way, asset by asset, and those of all together. */
export function attributionCsv(answer: Answered): string {
  const lines = [...(answer['assets'] as readonly Answered[]), answer['total'] as Answered];
  return written([
    ...columnsOf(answer, (field) => field),
    ...lines.flatMap((line) =>
      columnsOf(line, (field) => `${(line['asset'] as string | null) ?? 'total'} ${field}`),
    ),
  ]);
}

function written(columns: readonly Column[]): string {
  const rows = columns[0]?.values.map((_, at) => columns.map(({ values }) => values[at])) ?? [];
  return [columns.map(({ name }) => name), ...rows]
    .map((row) => row.map(cellText).join() + '\r\n')
    .join('');
}

function columnsOf(part: Answered, nameOf: (field: string) => string): Column[] {
  return Object.entries(part).flatMap(([field, value]): Column[] => {
    if (field === 'origins') return originsColumn((value ?? []) as readonly string[]);
    if (!(value instanceof SeriesValues)) return [];
    const values = value.values();
    return field === 'starts'
      ? [{ name: 'start', values: values.map(toTime) }]
      : [{ name: nameOf(field), values }];
  });
}

/** Said where there is something to say: a table of turns alone has no column for it. */
function originsColumn(origins: readonly string[]): Column[] {
  if (!origins.includes('BACKFILLED')) return [];
  return [{ name: 'origin', values: origins }];
}

function nameOf(line: Answered, field: string): string {
  const cell = [line['base'], line['quote']].join('/');
  const name = typeof line['name'] === 'string' ? line['name'] : cell;
  return field === 'values' ? name : `${name} ${field}`;
}

function toTime(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

function cellText(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
