/** How many turns the server lets one read at a time, where it refused so many; else 0. */
export function allowedBy(refusal: Readonly<Record<string, unknown>> = {}, turns: number): number {
  const { code, allowed, found } = refusal;
  if (code !== 'LIMIT_EXCEEDED' || typeof allowed !== 'number' || typeof found !== 'number')
    return 0;
  return Math.min(turns - 1, Math.floor((turns * allowed) / found));
}
