import { onTestFinished } from 'vitest';
import { AlertPlace } from './alert-place.js';
import type { TestDatabase } from './database.js';
import { until } from './until.js';

/** 61,000 and ten more for each step. */
export const above = (step: number) => ({ kind: 'ABOVE', level: 61_000 + 10 * step }) as const;

/** A place for rules whose instances end with the test, if not before. */
export async function openedPlace(database: TestDatabase): Promise<AlertPlace> {
  const place = await AlertPlace.open(database);
  onTestFinished(() => place.stop());
  return place;
}

/** What came of turns, for whoever reads it and is held up then, until it may go on. */
export function heldUp({ database }: AlertPlace) {
  const { judgements } = database.alerts;
  let goOn = () => {};
  const goesOn = new Promise<void>((resolve) => (goOn = resolve));
  let isRead = false;
  const all = async () => {
    const found = await judgements.all();
    isRead = true;
    await goesOn;
    return found;
  };
  return {
    judgements: { ...bound(judgements), all },
    goOn,
    /** Resolves once it was read. */
    hasRead: () =>
      until(
        'it to read where to go on',
        () => isRead,
        (is) => is,
      ),
  };
}

/** A store whose methods can be taken out one by one. */
export function bound<T extends object>(store: T): T {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(store) as object);
  const entries = methods.map((name) => [
    name,
    (...args: unknown[]) => (store[name as keyof T] as (...all: unknown[]) => unknown)(...args),
  ]);
  return Object.fromEntries(entries.filter(([name]) => name !== 'constructor')) as T;
}
