import type { Universe } from './asset.js';
import { STRATEGY_MODES, STRATEGY_TIERS, type StrategySettings } from './strategy.js';

/** What a user wants changed: a field that is left out stays as it is. */
export type StrategyChange = { readonly [Field in keyof StrategySettings]?: unknown };

/** What is wrong with one field of a change, in words for people. */
export interface SettingFault {
  readonly field: keyof StrategySettings;
  readonly message: string;
}

export type ChangedSettings =
  | { readonly ok: true; readonly settings: StrategySettings; readonly changed: boolean }
  | { readonly ok: false; readonly faults: readonly SettingFault[] };

/** Applies a change to settings, or names every fault of it at once; null is never a value. */
export function changeSettings(
  current: StrategySettings,
  change: StrategyChange,
  universe: Universe,
): ChangedSettings {
  const expectations = expectationsOf(universe);
  const fields = Object.keys(expectations) as (keyof StrategySettings)[];
  const given = fields.filter((field) => change[field] !== undefined);
  const faults = given
    .filter((field) => !expectations[field].accepts(change[field]))
    .map((field) => ({ field, message: `${field}: expected ${expectations[field].words}` }));
  if (faults.length > 0) return { ok: false, faults };
  const { tier, mode, quantBase, expectedImprint, expectedLuggage } = current;
  const before = { tier, mode, quantBase, expectedImprint, expectedLuggage };
  const settings = { ...before, ...pick(change, given) } as StrategySettings;
  const changed = given.some((field) => settings[field] !== before[field]);
  return { ok: true, settings, changed };
}

interface Expectation {
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
}

function expectationsOf(universe: Universe): Record<keyof StrategySettings, Expectation> {
  const oneOf = (values: readonly string[], what = ''): Expectation => ({
    words: `${what}${values.slice(0, 40).join(', ')}`,
    accepts: (value) => values.includes(value as string),
  });
  const ratio: Expectation = {
    words: 'a finite number above 0',
    accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
  };
  return {
    tier: oneOf(STRATEGY_TIERS),
    mode: oneOf(STRATEGY_MODES),
    quantBase: oneOf(universe, 'an asset of the universe: '),
    expectedImprint: ratio,
    expectedLuggage: ratio,
  };
}

function pick(change: StrategyChange, fields: readonly (keyof StrategySettings)[]) {
  return Object.fromEntries(fields.map((field) => [field, change[field]]));
}
