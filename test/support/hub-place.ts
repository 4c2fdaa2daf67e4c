import { buildSchema, parse, type GraphQLFieldResolver } from 'graphql';
import { CycleFigures, type Cycle } from '../../src/domain/cycle.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { CycleSource } from '../../src/feeds/cycle-source.js';
import { createContext, type Services } from '../../src/graphql/context.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import type { Admission } from '../../src/operate/admission.js';
import type { Pace } from '../../src/scheduling/slices.js';
import { CycleHub } from '../../src/subscriptions/hub.js';
import { SocketOperation } from '../../src/subscriptions/socket-operation.js';
import { figures, UNIVERSE } from './cycles.js';
import { HubSubscriber } from './hub-subscriber.js';
import { keptLogger } from './logs.js';
import { until } from './until.js';

const schema = buildSchema('type Query { turn: Int cycle: Cycle } type Cycle { startedAt: Int }');
const document = parse('{ turn cycle { startedAt } }');

/** @param timeline tells it from others that have its turn, after the database was put back */
function figuresOf(turn: number, timeline: number): CycleFigures {
  return new CycleFigures({ ...figures(turn, null).cycle, startedAt: timeline });
}

/** A hub over a feed whose cycles are stored and put back as a test says; reads take their time. */
export class HubPlace {
  readonly stored = new Map<number, Cycle>();
  readonly subscribers: HubSubscriber[] = [];
  readonly feed: CycleFeed;
  readonly #hub: CycleHub;
  readonly #services: Services;
  #timeline = 1;
  /** By turn: the timeline of what was announced last under it. */
  readonly timelines = new Map<number, number>();
  purgedThrough = 0;
  /** Turns that were sent to somebody when they were purged already, by how far the purge went. */
  readonly sentAfterPurge = new Map<number, Set<number>>();
  /** Called once, when a range has been read. */
  whenRead: (() => void) | null = null;
  /** The turns that were worked out for somebody, in order. */
  readonly workedOut: number[] = [];

  /** @param place waits for a place among what is heavy */
  constructor(place: () => Promise<() => void> = () => Promise.resolve(() => undefined)) {
    const store: Pick<CycleStore, 'byTurns' | 'range' | 'span' | 'idOf' | 'hideBefore'> = {
      byTurns: async (turns) => {
        const found = turns.flatMap((turn) => this.stored.get(turn) ?? []);
        await passing();
        return found;
      },
      range: async ({ afterTurn = 0, limit }) => {
        const found = [...this.stored.values()].filter(({ turn }) => turn > afterTurn);
        await passing();
        const { whenRead } = this;
        this.whenRead = null;
        whenRead?.();
        return found.slice(0, limit);
      },
      span: () => Promise.resolve({ oldest: 1, latest: this.stored.size }),
      hideBefore: () => undefined,
      idOf: ({ turn }) => `${turn} ${this.stored.get(turn)?.startedAt}`,
    };
    this.feed = new CycleFeed(store as CycleStore);
    this.#services = { feed: this.feed, universe: UNIVERSE } as unknown as Services;
    this.#hub = new CycleHub({
      services: this.#services,
      log: keptLogger(),
      admission: {
        first: (work: Promise<unknown>) => work,
        place,
        paceOf: haltingPace,
      } as unknown as Admission,
    });
  }

  get latest(): number {
    return this.feed.latestTurn;
  }

  announce(): void {
    const figures = figuresOf(this.latest + 1, this.#timeline);
    this.stored.set(figures.turn, figures.cycle);
    this.timelines.set(figures.turn, this.#timeline);
    this.feed.announce(figures);
  }

  join(after: number, isHeld: boolean, group = 'same'): HubSubscriber {
    const subscriber = new HubSubscriber(after, isHeld, (turn) => {
      if (turn <= this.purgedThrough) this.sentAfterPurge.get(this.purgedThrough)?.add(turn);
    });
    this.subscribers.push(subscriber);
    const contextValue = createContext(this.#services, {
      role: 'viewer',
      expiresAt: null,
      client: 'one',
    });
    this.#hub.join(
      group,
      { schema, document, contextValue, fieldResolver: this.#slowly },
      new SocketOperation('1', subscriber.wire),
      new CycleSource(this.feed, after, isHeld),
    );
    return subscriber;
  }

  /** The database holds nothing after a turn any more; what is announced next is another timeline's. */
  putBack(stands: number): void {
    for (const turn of [...this.stored.keys()]) if (turn > stands) this.stored.delete(turn);
    this.#timeline++;
    this.feed.rewind({ stands, goesOnAfter: stands });
    for (const subscriber of this.subscribers) {
      if (subscriber.sent.length === 0) subscriber.after = Math.min(subscriber.after, stands);
    }
  }

  /** Removes all that is stored; who has not seen it is sent what comes after. */
  purge(): void {
    this.stored.clear();
    this.purgedThrough = this.latest;
    this.sentAfterPurge.set(this.latest, new Set());
    const visibleFrom = this.latest + 1;
    this.feed.apply({ visibleFrom, purgedThrough: this.purgedThrough, cacheResets: 0 });
  }

  /** Whether a turn may be missing in what somebody was sent: only where it was purged before. */
  mayMiss(turn: number): boolean {
    return turn <= this.purgedThrough;
  }

  /** Until everybody whose socket is open, and who reads, has the newest cycle. */
  async caughtUp(): Promise<void> {
    const behind = (): number =>
      this.subscribers.filter(
        ({ closedWith, isStalled, held }) =>
          closedWith === null && !isStalled && held < this.latest,
      ).length;
    for (let tick = 0; tick < 50 && behind() > 0; tick++) await passing();
    await until('everybody to be up to date', behind, (count) => count === 0);
  }

  stop(): void {
    this.#hub.stop();
  }

  /** Gives a field of a cycle, and lets others go first. */
  readonly #slowly: GraphQLFieldResolver<Record<string, unknown>, unknown> = async (
    source,
    _args,
    _context,
    { fieldName },
  ) => {
    await passing();
    if (fieldName === 'turn') this.workedOut.push(source['turn'] as number);
    return source[fieldName];
  };
}

/** After so many of the shortest steps that there are: nothing but promises gets on meanwhile. */
export async function afterSteps(steps: number, act: () => void): Promise<void> {
  for (let step = 0; step < steps; step++) await Promise.resolve();
  act();
}

/** Lets everything else go first, once. */
export const passing = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The pace of work that lets others go before every other step. */
function haltingPace(): Pace {
  let steps = 0;
  return {
    get isSpent() {
      return steps++ % 2 === 0;
    },
    next: passing,
  };
}
