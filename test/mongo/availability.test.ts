import { MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { availabilityOf, gone } from '../support/availability.js';
import { heardWarnings } from '../support/warnings.js';
import { PATIENCE } from '../support/patience.js';

const refusing = () => new MongoServerError({ code: 13, errmsg: 'not authorized' });
const tooSlow = () => new MongoServerError({ code: 64, errmsg: 'waiting for replication' });

describe.concurrent('a database that goes away', () => {
  it('for a moment costs an operation nothing but that moment', async () => {
    const { availability, asked, runs, fail, returns } = availabilityOf();
    fail(gone);
    const answer = availability.run(asked.ask);
    await expect.poll(() => asked.times, PATIENCE).toBeGreaterThan(2);
    fail(null);
    expect(await answer).toBe('an answer');
    expect(availability.outage).toBeNull();
    expect([runs, returns()]).toEqual([['OK'], 0]);
  });

  it('for longer fails the operation that found out, and then each one at once, unasked', async () => {
    const { availability, asked, runs, fail } = availabilityOf();
    fail(gone);
    await expect(availability.run(asked.ask)).rejects.toMatchObject({
      name: 'DatabaseUnavailableError',
      message: 'it is not reachable: connection closed',
    });
    const { times } = asked;
    expect(times).toBeGreaterThan(2);
    for (let n = 0; n < 100; n++) {
      await expect(availability.run(asked.ask)).rejects.toBe(availability.outage);
    }
    expect(asked.times).toBe(times);
    expect(new Set(runs)).toEqual(new Set(['AWAY']));
  });

  it('and never answers is given up once the time of the operation is over', async () => {
    const { availability, fail } = availabilityOf();
    fail(gone);
    const silent = () => new Promise<never>(() => undefined);
    await expect(availability.run(silent, 200)).rejects.toThrow(/it is not reachable: no answer/);
    expect(availability.outage).not.toBeNull();
  });
});

describe('a database that loses what it held', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['done', () => Promise.resolve('done')],
    ['refused', () => Promise.reject(new MongoServerError({ code: 11000, errmsg: 'duplicate' }))],
  ])(
    'has done nothing of what it was asked before, though it says so late: %s',
    async (_how, say) => {
      const { availability, asked, runs, fail } = availabilityOf();
      let answer: () => void = () => undefined;
      const said = new Promise<void>((resolve) => (answer = resolve)).then(say);
      const underWay = availability.run(() => said);
      availability.lose(gone());
      fail(null);
      await expect.poll(() => availability.outage, PATIENCE).toBeNull();
      answer();
      await expect(underWay).rejects.toMatchObject({ name: 'DatabaseUnavailableError' });
      expect(await availability.run(asked.ask)).toBe('an answer');
      expect(runs).toEqual(['AWAY', 'OK']);
    },
  );
});

describe.concurrent('a database that answers', () => {
  it('with a refusal is not asked again, counts as there, and is in trouble until it does something', async () => {
    const { availability, asked, runs, fail } = availabilityOf();
    fail(refusing);
    await expect(availability.run(asked.ask)).rejects.toThrow(/refuses this at present: not auth/);
    expect([asked.times, runs]).toEqual([1, ['REFUSED']]);
    expect(availability.outage).toBeNull();
    expect(availability.trouble?.message).toMatch(/not authorized/);
    fail(null);
    await availability.run(asked.ask);
    expect(availability.trouble).toBeNull();
  });

  it('that the question is wrong is believed', async () => {
    const { availability, asked, fail } = availabilityOf();
    fail(() => new TypeError('no such thing'));
    await expect(availability.run(asked.ask)).rejects.toThrow(TypeError);
    expect(asked.times).toBe(1);
    expect(availability.trouble).toBeNull();
  });
});

describe.concurrent('a database that takes no writes', () => {
  it('is there for readers', async () => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    writing.fail(tooSlow);
    await expect(writing.availability.run(writing.asked.ask)).rejects.toThrow(/takes no writes/);
    expect(reading.availability.outage).toBeNull();
    expect(await reading.availability.run(reading.asked.ask)).toBe('an answer');
  });

  it.each([
    [true, 'is gone', gone],
    [false, 'has no majority', tooSlow],
  ])('counts as away for readers too: %s, where it %s', (isAway, _words, fault) => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    writing.availability.goAway(fault());
    expect(reading.availability.outage !== null).toBe(isAway);
    expect(writing.availability.outage?.message).toMatch(isAway ? /not reach/ : /no writes/);
  });
});

it('lets many operations wait for a database that is away for a moment', async () => {
  const warnings = heardWarnings();
  const { availability, asked, fail } = availabilityOf();
  fail(gone);
  const answers = Array.from({ length: 50 }, () => availability.run(asked.ask));
  await expect.poll(() => asked.times, PATIENCE).toBeGreaterThan(100);
  fail(null);
  expect(await Promise.all(answers)).toHaveLength(50);
  expect(warnings).toEqual([]);
});
