/** Half the line's width: the highest point is not cut off. */
const EDGE_PX = 1;

/** A path that begins anew after each gap; a point without neighbours is a dot. */
export function pathOf(
  values: readonly (number | null)[],
  times: readonly number[] | undefined,
  width: number,
  height: number,
): string {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const first = times?.[0] ?? 0;
  const last = times ? (times.at(-1) ?? 0) : values.length - 1;
  const x = (index: number): number =>
    (((times?.[index] ?? index) - first) / (last - first || 1)) * (width - 2 * EDGE_PX) + EDGE_PX;
  const y = (value: number): number =>
    (1 - (value - least) / (most - least || 1)) * (height - 2 * EDGE_PX) + EDGE_PX;
  let path = '';
  let isDrawn = false;
  values.forEach((value, index) => {
    if (value !== null) {
      const place = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
      // A line to where one is draws a dot.
      path += isDrawn ? `L${place}` : `M${place}L${place}`;
    }
    isDrawn = value !== null;
  });
  return path;
}
