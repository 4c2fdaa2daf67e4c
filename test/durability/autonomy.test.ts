import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autonomy } from '../../src/durability/autonomy.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';

const ALONE_FOR_MS = 60_000;
const outage = new DatabaseUnavailableError('the database is not reachable');

/** What happens to an instance, by name. */
const EVENTS: Readonly<Record<string, (autonomy: Autonomy) => void>> = {
  alone: (autonomy) => autonomy.contact(performance.now(), true),
  'not alone': (autonomy) => autonomy.contact(performance.now(), false),
  'in sync': (autonomy) => autonomy.markInSync(),
  behind: (autonomy) => autonomy.markBehind(),
  unsure: (autonomy) => autonomy.markUnsure(),
  'a while': () => vi.advanceTimersByTime(ALONE_FOR_MS - 1_000),
  'too long': () => vi.advanceTimersByTime(ALONE_FOR_MS),
};

describe('an instance may go on without the database', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[boolean, string]>([
    [false, ''],
    [false, 'alone'],
    [false, 'in sync'],
    [true, 'alone, in sync'],
    [true, 'in sync, alone'],
    [true, 'alone, in sync, a while'],
    [false, 'alone, in sync, too long'],
    [true, 'alone, in sync, a while, alone, a while'],
    [false, 'alone, in sync, not alone'],
    [true, 'alone, in sync, not alone, alone'],
    [true, 'alone, in sync, behind'],
    [false, 'alone, in sync, unsure'],
    [false, 'alone, in sync, unsure, behind'],
    [false, 'alone, behind'],
    [true, 'alone, in sync, behind, unsure, in sync'],
  ])('%s after: %s', (expected, events) => {
    const autonomy = new Autonomy({ aloneForMs: ALONE_FOR_MS });
    for (const event of events.split(', ')) EVENTS[event]?.(autonomy);
    expect(autonomy.mayGoOn).toBe(expected);
    const asked = () => autonomy.goOnDuring(outage);
    if (expected) expect(asked()).toBe(outage);
    else expect(asked).toThrow(/^the database is not reachable/);
  });

  it('from a checkpoint for what the process before had left, and says when that is over', () => {
    const checkpointAt = Date.now() - 59_000;
    const autonomy = new Autonomy({ aloneForMs: ALONE_FOR_MS, checkpointAt });
    expect(autonomy.contactAt).toBeCloseTo(checkpointAt, 0);
    expect([autonomy.mayGoOn, autonomy.wasAlone, autonomy.isInSync]).toEqual([true, true, true]);
    vi.advanceTimersByTime(1_000);
    expect(autonomy.mayGoOn).toBe(false);
    expect(() => autonomy.goOnDuring(outage)).toThrow(/for as long as ALONE_FOR_MS allows/);
  });

  it('only as long as it is sure of what is stored: it does not say then that the time is over', () => {
    const autonomy = new Autonomy({ aloneForMs: ALONE_FOR_MS });
    EVENTS['alone']?.(autonomy);
    expect(() => autonomy.goOnDuring(outage)).toThrow(/^the database is not reachable$/);
  });
});
