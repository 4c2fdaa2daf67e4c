import { Arg, Args, Int, Resolver, Root, Subscription } from 'type-graphql';
import type { Universe } from '../../domain/asset.js';
import type { MatrixKind } from '../../domain/matrix.js';
import { assetsOf, type Line } from '../../domain/series/line.js';
import { SeriesEvents } from '../../feeds/series-events.js';
import { LONGEST_TAIL, type LiveSeries } from '../../history/live-series.js';
import type { SeriesData } from '../../history/series-data.js';
import {
  isReadable,
  readable,
  type FollowedTurn,
  type StoredFigures,
} from '../../history/stored-cycle.js';
import { readEvery } from '../arguments.js';
import { cellLines, MOST_LINES, throwForCaller } from '../asked-lines.js';
import type { Services } from '../context.js';
import { MatrixKindEnum } from '../enums.js';
import { badUserInput } from '../errors.js';
import { Costs, lengthOf, objects, SharedAfter, type SharedSource } from '../field-traits.js';
import { SpanText } from '../scalars.js';
import { sourceFrom, type StartArguments } from '../starting-turn.js';
import { PriceArguments } from '../trade-arguments.js';
import { CellInput } from '../types/series-input.js';
import { SeriesType } from '../types/series.js';

interface SeriesArguments extends StartArguments, PriceArguments {
  readonly cells: readonly CellInput[];
  readonly kind: MatrixKind;
  readonly every: string;
}

const followSeries: SharedSource<SeriesArguments> = async ({ args, context: { services } }) => {
  const { feed } = services;
  const lines = cellLines(args.cells, args.kind, args);
  const every = readEvery(args.every, 'every');
  const series = services.series.live({ lines, every, epoch: () => feed.epoch });
  const source = await sourceFrom(args, services, new SeriesEvents(feed, series));
  await checkTail(lines, source.after, series, services);
  return source;
};

/** Cells in buckets of time, as they change. */
@Resolver()
export class LiveSeriesResolver {
  @SharedAfter('after')
  @Costs(({ cells, after }) => ({
    ...objects(lengthOf(cells, 1)),
    cells: typeof after === 'number' ? LONGEST_TAIL : 1,
  }))
  @Subscription(() => SeriesType, {
    description: `A series as it grows: after each turn the bucket that it fell into, whole. With \`after\`, first one Series of every bucket with a turn after that one, whole, ${LONGEST_TAIL} at most; none where there is no such turn. Each bucket takes the place of what was sent of it before (same \`starts\`), and those that are joined so are what \`series\` answers; a bucket without a turn is not sent. The largest of \`lastTurns\` is what to come back with as \`after\`. \`lastIsFinal\` is of the last bucket as it stands; those before it are final, and so is one that was sent earlier, once a later one comes. Ends, and refuses \`after\`, as cycleCompleted does; a turn that cannot be read, and of which nobody knows when it was, is an error of its own.`,
    subscribe: followSeries,
  })
  seriesUpdated(
    @Root() told: SeriesData | FollowedTurn,
    @Arg('cells', () => [CellInput], { description: `Which, each once: 1 to ${MOST_LINES}.` })
    _cells: CellInput[],
    @Arg('kind', () => MatrixKindEnum, {
      defaultValue: 'ID_BENCHMARK',
      description: 'Of which of the five matrices.',
    })
    _kind: MatrixKind,
    @Arg('every', () => SpanText, {
      description: 'How long a bucket is; "turn": one point a turn.',
    })
    _every: string,
    @Arg('after', () => Int, {
      nullable: true,
      description: 'The last turn that the caller has; without it, only turns from now on.',
    })
    _after: number | null | undefined,
    @Args(() => PriceArguments) _prices: PriceArguments,
  ): SeriesType {
    return new SeriesType(readable(told) as SeriesData);
  }
}

/**
 * Looks whether what follows a turn can be told.
 * @throws BAD_USER_INPUT for an asset that neither the next turn, nor the newest, nor this server has, and
 * for more buckets than one answer has; LIMIT_EXCEEDED where too much would be read
 */
async function checkTail(
  lines: readonly Line[],
  after: number,
  series: LiveSeries,
  { feed, universe }: Pick<Services, 'feed' | 'universe'>,
): Promise<void> {
  const latest = feed.newest ?? (await feed.latest());
  const next = after < feed.latestTurn ? await feed.next(after) : null;
  const universes = [universe, ...[latest, next].flatMap(universeOf)];
  for (const asset of lines.flatMap(assetsOf)) {
    if (universes.some((each) => each.includes(asset))) continue;
    throw badUserInput('cells', `has ${asset}, which is not in the universe`);
  }
  if (latest === null || !isReadable(latest)) return;
  const first = next && isReadable(next) ? next : latest;
  await series.check(first.cycle, latest.cycle).catch(throwForCaller);
}

function universeOf(turn: StoredFigures | FollowedTurn | null): Universe[] {
  return turn !== null && isReadable(turn) ? [turn.universe] : [];
}
