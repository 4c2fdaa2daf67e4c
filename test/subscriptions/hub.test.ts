import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { afterSteps, HubPlace, passing } from '../support/hub-place.js';
import { until } from '../support/until.js';

const REWOUND = 4510;
const LEFT = 1000;

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
          const place = new HubPlace();
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
      { numRuns: 80 },
    );
  });

  it.each([...Array(8).keys()])(
    'sends all that follows to who comes %i steps after others were sent it',
    async (steps) => {
      const place = new HubPlace();
      place.join(0, false, 'other');
      for (let turn = 1; turn <= 40; turn++) place.announce();
      await place.caughtUp();
      const first = place.join(0, true);
      first.whenSent = () => void afterSteps(steps, () => place.join(0, true));
      await until(
        'all three to be there',
        () => place.subscribers.length,
        (count) => count === 3,
      );
      await place.caughtUp();
      const all = Array.from({ length: 40 }, (_, at) => at + 1);
      for (const { sent } of place.subscribers) expect(sent.map(({ turn }) => turn)).toEqual(all);
      place.stop();
    },
  );

  it.each([...Array(12).keys()])(
    'sends the next turn to who comes %i steps after it was read that nothing is left',
    async (steps) => {
      const place = new HubPlace();
      place.announce();
      place.announce();
      await passing();
      place.purge();
      const first = place.join(0, false);
      place.whenRead = () => void afterSteps(steps, () => place.join(0, false));
      await until(
        'both to be there',
        () => place.subscribers.length,
        (count) => count === 2,
      );
      for (let tick = 0; tick < 8; tick++) await passing();
      place.announce();
      await place.caughtUp();
      for (const { sent } of place.subscribers) expect(sent).toEqual([{ turn: 3, timeline: 1 }]);
      expect(first.closedWith).toBeNull();
      place.stop();
    },
  );

  it('keeps for nobody what was taken back while it waited for its place', async () => {
    let waiting = 0;
    let goOn = (): void => undefined;
    const place = new HubPlace(async () => {
      if (++waiting === 2) await new Promise<void>((resolve) => (goOn = resolve));
      return () => undefined;
    });
    for (let turn = 1; turn <= 3; turn++) place.announce();
    await passing();
    const subscriber = place.join(0, false);
    await until(
      'the second turn to wait',
      () => waiting,
      (count) => count === 2,
    );
    place.putBack(1);
    goOn();
    for (let tick = 0; tick < 8; tick++) await passing();
    place.announce();
    await place.caughtUp();
    expect(subscriber.sent).toEqual([
      { turn: 1, timeline: 1 },
      { turn: 2, timeline: 2 },
    ]);
    place.stop();
  });

  it('works a turn out for nobody who is still far from it, and hands all of them on in order', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const place = new HubPlace(async () => {
      await held;
      return () => undefined;
    });
    onTestFinished(() => place.stop());
    for (let turn = 1; turn <= 10; turn++) place.announce();
    await passing();
    const { sent } = place.join(0, false);
    for (let turn = 11; turn <= 30; turn++) {
      place.announce();
      for (let tick = 0; tick < 4; tick++) await passing();
    }
    expect(place.workedOut).toEqual([]);
    goOn();
    await place.caughtUp();
    place.announce();
    await place.caughtUp();
    const all = Array.from({ length: 31 }, (_, at) => at + 1);
    expect(sent.map(({ turn }) => turn)).toEqual(all);
    expect(place.workedOut).toEqual(all);
  });

  it('leaves nothing out where its process stands still at any moment', async () => {
    const place = new HubPlace();
    onTestFinished(() => place.stop());
    for (let turn = 1; turn <= 10; turn++) place.announce();
    await passing();
    let now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1_000));
    onTestFinished(() => clock.mockRestore());
    const { sent } = place.join(0, false);
    for (let tick = 0; tick < 200 && sent.length < 10; tick++) await passing();
    place.announce();
    for (let tick = 0; tick < 200 && sent.length < 11; tick++) await passing();
    expect(sent.map(({ turn }) => turn)).toEqual(Array.from({ length: 11 }, (_, at) => at + 1));
  });
});
