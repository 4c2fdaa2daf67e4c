/**
 * Reads of typed arrays at an index that is known to be within them. One function for each kind of
 * array: a read that meets one kind alone is compiled to a plain load.
 */
export function numberAt(cells: Float64Array, at: number): number {
  return cells[at] as number;
}

export function indexAt(cells: Int32Array, at: number): number {
  return cells[at] as number;
}
