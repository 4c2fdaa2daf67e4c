import type { ChartBand } from '../charts/types.js';

/** A stretch of time in which one asset led. */
export interface Lead {
  readonly asset: string;
  /** Milliseconds since 1970: its first point, and the first one of the next lead, or the last there is. */
  readonly from: number;
  readonly to: number;
}

type Column = readonly (number | null)[];

interface AssetColumn {
  readonly asset: string;
  readonly values: Column;
}

/**
 * Who led, from the quants alone: the lead's is the strategy's own figure. Of two assets with the same
 * quant the one that led before goes on, or else the earlier one.
 * @param starts the moment of each point
 * @param quant of the lead, by point
 */
export function leadsOf(
  starts: Column,
  quant: Column,
  assets: readonly AssetColumn[],
): readonly Lead[] {
  const leads: Lead[] = [];
  let asset: string | null = null;
  let from = 0;
  let last = 0;
  const end = (to: number): void => {
    if (asset !== null) leads.push({ asset, from, to });
  };
  for (const [index, at] of starts.entries()) {
    if (at === null) continue;
    const value = quant[index] ?? null;
    const fitting = value === null ? [] : assets.filter(({ values }) => values[index] === value);
    const lead = (fitting.find((each) => each.asset === asset) ?? fitting[0])?.asset ?? null;
    if (lead !== asset) {
      // Where nobody leads, the one before led to its last point.
      end(lead === null ? last : at);
      [asset, from] = [lead, at];
    }
    last = at;
  }
  end(last);
  return leads;
}

/**
 * @param order of the assets: each has the colour of the line at its place
 * @param colourAt of a line, by its place
 */
export function bandsOf(
  leads: readonly Lead[],
  order: readonly string[],
  colourAt: (place: number) => string,
): ChartBand[] {
  return leads.map(({ asset, from, to }) => ({
    name: asset,
    from,
    to,
    colour: colourAt(Math.max(0, order.indexOf(asset))),
  }));
}

/** The assets with a line of their own: who led, then those with the largest ±values at the end. */
export function assetsOfNote(
  assets: readonly AssetColumn[],
  leads: readonly Lead[],
  most: number,
): readonly string[] {
  const led = new Map(leads.map(({ asset, to }) => [asset, to]));
  const size = ({ values }: AssetColumn): number =>
    Math.abs(values.findLast((value) => value !== null) ?? 0);
  return assets
    .toSorted((a, b) => (led.get(b.asset) ?? 0) - (led.get(a.asset) ?? 0) || size(b) - size(a))
    .slice(0, most)
    .map(({ asset }) => asset);
}
