import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Availability } from '../../src/mongo/availability.js';
import { availabilityOf, gone } from '../support/availability.js';

describe('a database that loses what it held while it is asked whether it is back', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is away until it is asked anew: the answer may be of what is lost', async () => {
    const answers: (() => void)[] = [];
    const availability = new Availability({
      words: 'it is not reachable',
      probe: () => new Promise<void>((resolve) => answers.push(resolve)),
    });
    onTestFinished(() => availability.close());
    let returns = 0;
    availability.onBack(() => returns++);
    availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(answers).toHaveLength(1);
    availability.lose(gone());
    answers[0]!();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(answers).toHaveLength(2);
    expect([availability.outage === null, returns]).toEqual([false, 0]);
    answers[1]!();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([availability.outage, returns, answers.length]).toEqual([null, 1, 2]);
  });
});

describe('a database that is away', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked until it is back, which is told once', async () => {
    const { availability, asked, probed, fail, returns } = availabilityOf();
    fail(gone);
    availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(60_000);
    const { times } = probed;
    expect(times).toBeGreaterThan(100);
    expect(returns()).toBe(0);
    fail(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(availability.outage).toBeNull();
    expect(await availability.run(asked.ask)).toBe('an answer');
    // Nobody asks one that is there.
    await vi.advanceTimersByTimeAsync(60_000);
    expect([probed.times, returns()]).toEqual([times + 1, 1]);
  });

  it('is not asked any more by one that is closed', async () => {
    const { availability, probed, fail } = availabilityOf();
    fail(gone);
    availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(1_000);
    const { times } = probed;
    expect(times).toBeGreaterThan(0);
    availability.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(probed.times).toBe(times);
  });

  it('for writes too is back for readers first, and is asked then at once whether it takes writes', async () => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    for (const each of [reading, writing]) each.fail(gone);
    reading.availability.goAway(gone());
    // Not in step with the other.
    await vi.advanceTimersByTimeAsync(100);
    writing.availability.goAway(gone());
    for (const { availability, asked } of [reading, writing]) {
      await expect(availability.run(asked.ask)).rejects.toThrow(/not reachable/);
    }
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reading.probed.times).toBeGreaterThan(100);
    expect([reading.asked.times, writing.asked.times, writing.probed.times]).toEqual([0, 0, 0]);
    reading.fail(null);
    await vi.advanceTimersByTimeAsync(160);
    expect([reading.returns(), writing.probed.times]).toEqual([1, 1]);
    expect(writing.availability.outage?.message).toMatch(/takes no writes/);
    writing.fail(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([writing.availability.outage, writing.returns()]).toEqual([null, 1]);
  });
});

describe('a database that nobody has written to while it was away', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is told to be back for writes, too', async () => {
    const reading = availabilityOf();
    const writing = availabilityOf(reading.availability);
    reading.fail(gone);
    reading.availability.goAway(gone());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(writing.returns()).toBe(0);
    reading.fail(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([reading.returns(), writing.returns(), writing.probed.times]).toEqual([1, 1, 0]);
  });
});
