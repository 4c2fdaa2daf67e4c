import { FigureCheck, type CheckedTurn } from '../../history/figure-check.js';
import { verifyChain, type Verified } from '../../history/blocks/verify.js';
import { firstPace } from '../../scheduling/slices.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { resumable, Work } from '../work.js';

export interface VerifyOptions {
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
}

/** Verifies what is stored. */
export async function verify(options: VerifyOptions): Promise<void> {
  await withDatabase((context) =>
    Work.run(options.json === true, (work) => verifyIn(context, options, work)),
  );
}

async function verifyIn(
  { database }: CommandDatabase,
  options: VerifyOptions,
  work: Work,
): Promise<void> {
  const [oldest, span] = await Promise.all([
    database.history.turns.oldest(),
    database.cycles.span(),
  ]);
  const oldestTurn = oldest ?? span?.oldest ?? 1;
  const range = {
    first: Math.max(options.from ?? 1, oldestTurn),
    last: Math.min(options.to ?? Infinity, span?.latest ?? 0),
  };
  const position = { next: range.first };
  let faults = 0;
  await resumable(work, position, async () => {
    faults += await verifyBlocks(database, range, work);
    if (!work.isStopped) faults += await verifyFigures(database, range, oldestTurn, position, work);
  });
  if (faults > 0) throw new CommandFailure([`${faults} faults were found`]);
}

interface Range {
  readonly first: number;
  readonly last: number;
}

type Stored = CommandDatabase['database'];

/** @returns how many faults there are */
async function verifyBlocks({ history }: Stored, range: Range, work: Work): Promise<number> {
  const entries = await history.blocks.entries(1);
  work.begin('blocks', entries.length);
  let [lines, faults] = [0, 0];
  const options = { ...history, from: range.first, to: range.last, pace: firstPace() };
  for await (const verified of verifyChain(options)) {
    if (work.isStopped) break;
    work.at(++lines);
    if (verified.flaws.length === 0 || (await wasRemoved(history.blocks, verified))) continue;
    for (const flaw of verified.flaws) work.line(flaw.message, flaw);
    const isDamaged = verified.flaws.some(({ code }) => code === 'BLOCK_DAMAGED');
    if (isDamaged) history.sealed.distrust(verified.entry.name);
    faults += verified.flaws.length;
  }
  work.line(`${lines} lines of the manifest: ${faults} faults`, { lines, faults });
  return faults;
}

/** What a server removes or seals again meanwhile is no fault. */
async function wasRemoved(
  blocks: Stored['history']['blocks'],
  { entry, flaws }: Verified,
): Promise<boolean> {
  const isOfChain = flaws.some(({ code }) => /^(LINE|CHAIN)_/.test(code));
  if (isOfChain) return false;
  const [now] = await blocks.entries(entry.number);
  return now?.number === entry.number && now.isRemoved;
}

async function verifyFigures(
  { chunks, cycles }: Stored,
  { first, last }: Range,
  oldestTurn: number,
  position: { next: number },
  work: Work,
): Promise<number> {
  work.begin('turns', Math.max(last, first), first);
  let [turns, faults, alone] = [0, 0, 0];
  const check = new FigureCheck({ chunks, cycles, oldestTurn });
  for await (const checked of check.over(first, last, firstPace())) {
    if (work.isStopped) break;
    turns++;
    position.next = checked.turn + 1;
    work.at(checked.turn);
    if (checked.outcome === 'ALONE') alone++;
    faults += tell(checked, work);
  }
  const words = `${turns} turns: ${faults} faults`;
  const more = alone > 0 ? `; the turn before ${alone} of them is not there to derive from` : '';
  work.line(words + more, { turns, faults, alone });
  return faults;
}

/** @returns how many faults a turn has */
function tell({ turn, outcome, previousTurn, differences }: CheckedTurn, work: Work): number {
  if (outcome === 'UNREADABLE') {
    work.line(`turn ${turn} cannot be read`, { code: outcome, turn });
    return 1;
  }
  if (outcome === 'MISSING') {
    const words = `turn ${turn} builds upon turn ${previousTurn}, which is not stored`;
    work.line(words, { code: outcome, turn, previousTurn });
    return 1;
  }
  for (const { field, stored, derived } of differences) {
    const words = `turn ${turn}: ${field} is ${stored}, and ${derived} anew`;
    work.line(words, { code: 'FIGURE_DIFFERS', turn, field, stored, derived });
  }
  return differences.length;
}
