import fc from 'fast-check';
import { buildSchema, parse, type GraphQLFieldResolver } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { CycleSource } from '../../src/feeds/cycle-source.js';
import { createContext, type Services } from '../../src/graphql/context.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import type { Admission } from '../../src/operate/admission.js';
import type { Pace } from '../../src/scheduling/slices.js';
import { CycleHub } from '../../src/subscriptions/hub.js';
import { RunningOperation } from '../../src/subscriptions/running-operation.js';
import type { SharedMessages } from '../../src/subscriptions/shared-messages.js';
import type { Wire } from '../../src/subscriptions/wire.js';
import { keptLogger } from '../support/logs.js';
import { frameAt } from '../support/scripted-market.js';
import { until } from '../support/until.js';

const UNIVERSE = ['USDT', 'BTC'];
const REWOUND = 4510;
const LEFT = 1000;
const schema = buildSchema('type Query { turn: Int cycle: Cycle } type Cycle { startedAt: Int }');
const document = parse('{ turn cycle { startedAt } }');

/** @param timeline tells it from others that have its turn, after the database was put back */
function figuresOf(turn: number, timeline: number): CycleFigures {
  return composeCycle({
    turn,
    startedAt: timeline,
    completedAt: turn,
    exchange: 'SIMULATED',
    universe: UNIVERSE,
    frame: frameAt(1_700_000_000_000 + turn, turn),
    holdings: { source: 'PAPER', balances: [] },
    config: { ...defaultSettings(UNIVERSE), version: 1, updatedAt: 0 },
    staleAfterMs: 1,
    intervalMs: 1_000,
    previous: null,
  });
}

/** What a subscriber was sent, and whether its socket was closed. */
class Subscriber {
  /** The turn after which it is sent the next one. */
  after: number;
  readonly #heldBefore: number;
  readonly sent: { readonly turn: number; readonly timeline: number }[] = [];
  closedWith: number | null = null;
  /** Goes on once it has read what it was sent; null where it reads at once. */
  #stalled: { readonly read: Promise<void>; readonly goOn: () => void } | null = null;

  readonly #onSent: (turn: number) => void;

  constructor(after: number, isHeld: boolean, onSent: (turn: number) => void) {
    this.after = after;
    this.#heldBefore = isHeld ? after : 0;
    this.#onSent = onSent;
  }

  /** The last turn that it has. */
  get held(): number {
    return this.sent.at(-1)?.turn ?? this.#heldBefore;
  }

  get isStalled(): boolean {
    return this.#stalled !== null;
  }

  stall(): void {
    let goOn = (): void => undefined;
    const read = new Promise<void>((resolve) => (goOn = resolve));
    this.#stalled ??= { read, goOn };
  }

  goOn(): void {
    this.#stalled?.goOn();
    this.#stalled = null;
  }

  get wire(): Wire {
    const isOpen = (): boolean => this.closedWith === null;
    const isDrained = (): boolean => !isOpen() || !this.isStalled;
    return {
      isCompressing: false,
      get isOpen() {
        return isOpen();
      },
      sendShared: (_head: Buffer, { bodies }: SharedMessages) => {
        for (const { plain } of bodies) {
          const { data } = JSON.parse(plain.toString().slice(0, -1)) as {
            data: { turn: number; cycle: { startedAt: number } };
          };
          this.sent.push({ turn: data.turn, timeline: data.cycle.startedAt });
          this.#onSent(data.turn);
        }
        return 0;
      },
      close: (code: number) => void (this.closedWith = code),
      get isDrained() {
        return isDrained();
      },
      drained: async () => {
        while (!isDrained()) await this.#stalled?.read;
      },
    } as unknown as Wire;
  }
}

/** A hub over a feed whose cycles are stored and put back as a test says; reads take their time. */
class Place {
  readonly stored = new Map<number, Cycle>();
  readonly subscribers: Subscriber[] = [];
  readonly feed: CycleFeed;
  readonly #hub: CycleHub;
  readonly #services: Services;
  #timeline = 1;
  /** By turn: the timeline of what was announced last under it. */
  readonly timelines = new Map<number, number>();
  purgedThrough = 0;
  /** Turns that were sent to somebody when they were purged already, by how far the purge went. */
  readonly sentAfterPurge = new Map<number, Set<number>>();

  constructor() {
    const store: Pick<CycleStore, 'byTurns' | 'range' | 'span' | 'idOf' | 'hideBefore'> = {
      byTurns: async (turns) => {
        const found = turns.flatMap((turn) => this.stored.get(turn) ?? []);
        await passing();
        return found;
      },
      range: async ({ afterTurn = 0, limit }) => {
        const found = [...this.stored.values()].filter(({ turn }) => turn > afterTurn);
        await passing();
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
        place: () => Promise.resolve(() => undefined),
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

  join(after: number, isHeld: boolean, group = 'same'): Subscriber {
    const subscriber = new Subscriber(after, isHeld, (turn) => {
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
      { schema, document, contextValue, fieldResolver: slowly },
      new RunningOperation('1', subscriber.wire),
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
}

const passing = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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

/** Gives a field of a cycle, and lets others go first. */
const slowly: GraphQLFieldResolver<Record<string, unknown>, unknown> = async (
  source,
  _args,
  _context,
  { fieldName },
) => {
  await passing();
  return source[fieldName];
};

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'ANNOUNCE' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('JOIN' as const),
      back: fc.oneof(fc.nat(6), fc.nat(80)),
      isHeld: fc.boolean(),
      group: fc.constantFrom('same', 'other'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('BACK' as const),
      by: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'PURGE' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('STALL' as const, 'GO_ON' as const, 'LEAVE' as const),
      who: fc.nat(20),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('WAIT' as const), ticks: fc.nat(6) }) },
);

describe('the hub', () => {
  it('sends everybody each turn once, in order and as it is stored, whoever stalls or leaves, and closes only those who have what is not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(80),
        fc.array(step, { maxLength: 40, size: 'max' }),
        async (stored, steps) => {
          const place = new Place();
          for (let n = 0; n < stored; n++) place.announce();

          for (const taken of steps) {
            if (taken.kind === 'ANNOUNCE') place.announce();
            else if (taken.kind === 'JOIN') {
              const after = Math.max(place.purgedThrough, place.latest - taken.back);
              place.join(after, taken.isHeld, taken.group);
            } else if (taken.kind === 'WAIT') {
              for (let tick = 0; tick < taken.ticks; tick++) await passing();
            } else if (taken.kind === 'PURGE') place.purge();
            else if (taken.kind === 'BACK') {
              const stands = Math.max(place.purgedThrough, place.latest - taken.by);
              const open = place.subscribers.filter(({ closedWith }) => closedWith === null);
              const expected = open.map(({ held }) => (held > stands ? REWOUND : null));
              place.putBack(stands);
              expect(open.map(({ closedWith }) => closedWith)).toEqual(expected);
            } else {
              const who = place.subscribers.at(taken.who % Math.max(1, place.subscribers.length));
              if (taken.kind === 'STALL') who?.stall();
              else if (taken.kind === 'GO_ON') who?.goOn();
              else if (who) who.closedWith ??= LEFT;
            }
          }
          place.announce();
          await place.caughtUp();
          for (const subscriber of place.subscribers) subscriber.goOn();
          await place.caughtUp();
          for (const { sent, after, closedWith } of place.subscribers) {
            const turns = [after, ...sent.map(({ turn }) => turn)];
            for (const [at, turn] of turns.slice(1).entries()) {
              const before = turns[at] as number;
              expect(turn).toBeGreaterThan(before);
              if (turn > before + 1) expect(place.mayMiss(turn - 1)).toBe(true);
            }
            if (closedWith !== null) continue;
            expect(turns.at(-1)).toBe(place.latest);
            for (const { turn, timeline } of sent) {
              expect(timeline).toBe(place.timelines.get(turn));
            }
          }
          // One may have been on its way to those who are live.
          for (const turns of place.sentAfterPurge.values()) {
            expect(turns.size).toBeLessThanOrEqual(1);
          }
          place.stop();
        },
      ),
      { numRuns: 200 },
    );
  });
});
