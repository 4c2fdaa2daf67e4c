import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeavyWork } from '../../src/scheduling/heavy-work.js';

const LIMITS = { underWay: 3, underWayOfOne: 2, waiting: 6, waitingOfOne: 4 };
const CLIENTS = ['a', 'b', 'c'] as const;
type Client = (typeof CLIENTS)[number];

/** One piece of work as a client sees it. */
interface Piece {
  readonly client: Client;
  readonly abort: AbortController;
  state: 'WAITING' | 'UNDER_WAY' | 'GONE';
  leave: () => void;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function begin(work: HeavyWork, client: Client): Piece {
  const abort = new AbortController();
  const piece: Piece = { client, abort, state: 'WAITING', leave: () => undefined };
  work.acquire(client, abort.signal).then(
    (leave) => Object.assign(piece, { state: 'UNDER_WAY', leave }),
    () => (piece.state = 'GONE'),
  );
  return piece;
}

describe('heavy work', () => {
  it('has at most so much under way, of one and of all, whoever comes, ends or goes away', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('enter' as const), client: fc.constantFrom(...CLIENTS) }),
      fc.record({ kind: fc.constantFrom('leave' as const, 'abort' as const), at: fc.nat(30) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const work = new HeavyWork(LIMITS);
        const pieces: Piece[] = [];
        const those = (state: Piece['state'], client?: Client): Piece[] =>
          pieces.filter(
            (piece) => piece.state === state && (client ?? piece.client) === piece.client,
          );
        for (const what of steps) {
          if (what.kind === 'enter') pieces.push(begin(work, what.client));
          else {
            const piece = pieces[what.at % Math.max(1, pieces.length)];
            if (piece && what.kind === 'abort') piece.abort.abort(new Error('gone'));
            if (piece?.state === 'UNDER_WAY' && what.kind === 'leave') {
              piece.leave();
              piece.leave();
              piece.state = 'GONE';
            }
          }
          await settled();
          const underWay = those('UNDER_WAY');
          expect(work.underWay).toBe(underWay.length);
          expect(work.waiting).toBe(those('WAITING').length);
          expect(underWay.length).toBeLessThanOrEqual(LIMITS.underWay);
          for (const client of CLIENTS) {
            const own = those('UNDER_WAY', client).length;
            expect(own).toBeLessThanOrEqual(LIMITS.underWayOfOne);
            // Nobody waits for a place that is free.
            const isRoom = underWay.length < LIMITS.underWay && own < LIMITS.underWayOfOne;
            if (isRoom) expect(those('WAITING', client)).toEqual([]);
            const full = work.fullFor(client);
            const waits = those('WAITING', client).length;
            if (isRoom) expect(full).toBeNull();
            else if (waits >= LIMITS.waitingOfOne) expect(full?.of).toBe('CLIENT');
            else expect(full?.of).toBe(work.waiting >= LIMITS.waiting ? 'ALL' : undefined);
          }
        }
      }),
    );
  });

  it('goes round the clients, however much one of them has waiting', async () => {
    const work = new HeavyWork({ ...LIMITS, underWay: 1 });
    const order: Client[] = [];
    const run = async (client: Client): Promise<void> => {
      const leave = await work.acquire(client);
      order.push(client);
      leave();
    };
    const first = await work.acquire('c');
    const all = [...'aaaaaa'].map(() => run('a'));
    all.push(run('b'), run('c'), run('b'));
    first();
    await Promise.all(all);
    expect(order.join('')).toBe('abcabaaaa');
  });
});
