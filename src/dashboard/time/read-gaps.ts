import type { Client } from 'urql';
import { TimeGapsDocument, type TimeGapsQuery } from '../../generated/operations.js';
import type { TimeRange } from '../charts/types.js';

/** Where time is missing between two stored turns, or goes back. */
export type Gap = NonNullable<TimeGapsQuery['gaps']>[number];

/** A gap that is narrower than this part of the range would not be seen. */
const NARROWEST = 1 / 600;
/** How many requests one range may take at most: a month of turns a few seconds apart is one. */
const MOST_PARTS = 48;

/**
 * The gaps of a range that are wide enough to be seen, part by part where the server wants shorter ranges:
 * the newest part first, since that is what is looked at first.
 * @param onGaps gets all that are known so far, again and again
 * @returns whether each part was answered
 */
export async function readGaps(
  client: Pick<Client, 'query'>,
  { from, to }: TimeRange,
  onGaps: (gaps: readonly Gap[]) => void,
  isWanted: () => boolean,
): Promise<boolean> {
  const seconds = Math.floor(((to - from) * NARROWEST) / 1_000);
  const longerThan = seconds >= 1 ? `${seconds}s` : null;
  const parts: TimeRange[] = [{ from, to }];
  const gaps = new Map<number, Gap>();
  let isWhole = true;
  for (let asked = 0; asked < MOST_PARTS && isWanted(); asked++) {
    const part = parts.pop();
    if (!part) break;
    const variables = { ...asText(part), longerThan };
    const { data, error } = await client.query(TimeGapsDocument, variables).toPromise();
    const count = partsWanted(error?.graphQLErrors[0]?.extensions);
    if (count > 1 && part.to - part.from > count) parts.push(...split(part, count));
    else if (data?.gaps) {
      for (const gap of data.gaps) gaps.set(gap.beforeTurn, gap);
      if (isWanted()) onGaps([...gaps.values()]);
    } else isWhole = false;
  }
  return isWhole;
}

function asText({ from, to }: TimeRange): { readonly from: string; readonly to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** In how many parts the server would answer: 1 where that would not help. */
function partsWanted(extensions: Readonly<Record<string, unknown>> | undefined): number {
  if (extensions?.['code'] !== 'LIMIT_EXCEEDED') return 1;
  const { allowed, found } = extensions;
  if (typeof allowed !== 'number' || typeof found !== 'number' || found <= allowed) return 1;
  // One more than would do where turns were evenly spread, because they may not be.
  return Math.ceil(found / allowed) + 1;
}

/** Equal parts, in order of time. */
function split({ from, to }: TimeRange, count: number): TimeRange[] {
  const at = (index: number): number => Math.round(from + ((to - from) * index) / count);
  return Array.from({ length: count }, (_, index) => ({ from: at(index), to: at(index + 1) }));
}
