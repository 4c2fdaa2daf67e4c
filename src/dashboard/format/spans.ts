/** How long each unit of a span is, milliseconds. */
export const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** How long a span of the API is, for example `15m`, milliseconds; null for "turn". */
export function spanMs(span: string): number | null {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(span) ?? [];
  return count === undefined ? null : Number(count) * (UNIT_MS[unit] ?? NaN);
}
