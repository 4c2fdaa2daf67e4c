import type { FiringPlace } from '../alerts/firing-store.js';
import type { StoredVersion } from '../alerts/rule-store.js';
import { unlessAway } from '../history/database-unavailable.js';
import type { Services } from './context.js';
import { AlertFiringType } from './types/alert-firing.js';
import { AlertType } from './types/alert.js';
import { fromGlobalId, numberOfKey } from './types/node.js';

/** The rules as they are; while the database is away, as they were last known. */
export async function currentRules({ alerts }: Services): Promise<readonly StoredVersion[]> {
  await unlessAway(alerts.book.refresh(), () => undefined);
  return alerts.book.current;
}

/** @param key in the id of a rule */
export async function alertOf(key: string, services: Services): Promise<AlertType | null> {
  await currentRules(services);
  const rule = services.alerts.book.rule(key);
  return rule && new AlertType(rule);
}

/** @param key in the id of a firing */
export async function firingOf(key: string, services: Services): Promise<AlertFiringType | null> {
  const place = placeOfKey(key);
  const [firing] = await Promise.all([
    place && services.alerts.firings.one(place),
    currentRules(services),
  ]);
  return firing && firing.version === place?.version ? new AlertFiringType(firing) : null;
}

/** What the id of a rule names; null for what is no such id. */
export function ruleOfId(id: string): string | null {
  const named = fromGlobalId(id);
  return named?.typename === 'Alert' ? named.key : null;
}

/** What the id of a firing names; null for what is no such id. */
export function placeOfId(id: string): FiringPlace | null {
  const named = fromGlobalId(id);
  return named?.typename === 'AlertFiring' ? placeOfKey(named.key) : null;
}

function placeOfKey(key: string): (FiringPlace & { readonly version: number }) | null {
  const [rule = '', version, turn, ...rest] = key.split('/');
  const [versionNumber, turnNumber] = [numberOfKey(version), numberOfKey(turn)];
  if (rest.length > 0 || versionNumber === null || turnNumber === null) return null;
  return { rule, version: versionNumber, turn: turnNumber };
}
