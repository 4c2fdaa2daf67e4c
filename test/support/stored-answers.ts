import { execute, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { createContext, type Services } from '../../src/graphql/context.js';
import { presentError } from '../../src/operate/mask.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import type { CycleStore } from '../../src/history/cycle-store.js';

/** All of a cycle that its own document says. */
const OWN = `turn previousTurn startedAt observedAt completedAt exchange symbols staleAfterMs intervalMs
  matrices(kinds: [ID_BENCHMARK, ID_DELTA, ID_PERCENT, QUANTID]) { kind scale values ages }
  assets { symbol strength quant balance price } wallet { source value balances { asset free locked } }
  aux { leadQuant quant shift leadSince grt imprint luggage imprintReached luggageReached }
  config { version updatedAt tier mode quantBase expectedImprint expectedLuggage }
  consistency { medianBps maxBps worst }`;
/** What also takes the cycle before. */
const COMPARED = 'msSincePreviousTurn change: matrix(kind: ID_PCT) { values }';

const QUERY = parse(`query ($first: Int, $last: Int) {
  cycles(first: $first, last: $last) {
    nodes { ${OWN} ${COMPARED} }
    edges { cursor node { turn } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`);

interface Compared {
  readonly turn: number;
  readonly [field: string]: unknown;
}

/** An error as a caller sees it. */
export interface SeenError {
  readonly path: string;
  readonly code: unknown;
  readonly turn: unknown;
}

/** What is said of the stored cycles, whoever asks. */
export interface StoredAnswers {
  /** By turn; a null has no turn to stand under. */
  readonly own: ReadonlyMap<number, string>;
  readonly compared: ReadonlyMap<number, unknown>;
  readonly nulls: number;
  readonly errors: readonly SeenError[];
  /** What a follower from the very first turn on is given: turns, and for what it cannot be given the error's name. */
  readonly followed: readonly (readonly [number, string])[];
}

/** Reads everything that is stored from anew, with nothing in memory. */
export async function answersOf(
  schema: GraphQLSchema,
  cycles: CycleStore,
  universe: readonly string[],
): Promise<StoredAnswers> {
  const feed = new CycleFeed(cycles);
  const latest = await cycles.latest();
  if (latest) feed.announce(feed.figuresOf(latest));
  const services = { cycles, feed, universe } as unknown as Services;
  const contextValue = createContext(services, { role: 'viewer', expiresAt: null, client: '' });
  const result = (await execute({
    schema,
    document: QUERY,
    variableValues: { first: 100 },
    contextValue,
  })) as ExecutionResult<{ cycles: { nodes: (Compared | null)[] } }>;
  const nodes = result.data?.cycles.nodes ?? [];
  const errors = (result.errors ?? []).map((error) => {
    const { path, extensions } = presentError(error, 'r', (unforeseen) => {
      throw unforeseen;
    });
    return { path: (path ?? []).join('.'), code: extensions['code'], turn: extensions['turn'] };
  });
  const own = new Map<number, string>();
  const compared = new Map<number, unknown>();
  for (const node of nodes) {
    if (!node) continue;
    const { msSincePreviousTurn, change, ...rest } = node;
    own.set(node.turn, JSON.stringify(rest));
    compared.set(node.turn, JSON.stringify([msSincePreviousTurn, change]));
  }
  const nulls = nodes.filter((node) => node === null).length;
  return { own, compared, nulls, errors, followed: await follow(feed) };
}

async function follow(feed: CycleFeed): Promise<[number, string][]> {
  const abort = new AbortController();
  const followed: [number, string][] = [];
  const span = await feed.span();
  if (!span) return followed;
  // What was before the oldest one counts as removed for its age.
  for await (const item of feed.follow(span.oldest - 1, abort.signal)) {
    followed.push([item.turn, item instanceof Error ? item.name : 'Cycle']);
    if (item.turn >= feed.latestTurn) abort.abort();
  }
  return followed;
}
