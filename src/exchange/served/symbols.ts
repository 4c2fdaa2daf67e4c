import type { SymbolListing } from '../../domain/asset.js';
import { apiError, type Answer } from './account.js';

/** What names may look like. */
export const NAME_RULE = /^[\p{L}\p{N}_.-]{1,40}$/u;

/** How an exchange reads the parameters that name symbols. */
export interface SymbolRules {
  /** What it makes of `symbolStatus` and `showPermissionSets`. */
  readonly parameters: 'UNDERSTOOD' | 'IGNORED' | 'REFUSED';
  readonly nameRule: RegExp;
}

/** The symbols that a request is about. */
export interface AskedSymbols {
  /** How many it names; undefined where it asks for all. */
  readonly asked: number | undefined;
  /** Whether it names one, and so gets an object instead of a list. */
  readonly isOne: boolean;
  readonly listings: readonly SymbolListing[];
}

const UNKNOWN_PARAMETER = apiError(
  400,
  -1104,
  'Not all sent parameters were read; read fewer than were sent.',
);
export const INVALID_SYMBOL = apiError(400, -1121, 'Invalid symbol.');

export function isAnswer(value: object): value is Answer {
  return 'status' in value && 'body' in value;
}

/** What is wrong with a parameter's text. */
export function illegalCharacters(parameter: string): Answer {
  return apiError(400, -1100, `Illegal characters found in parameter '${parameter}'.`);
}

/** Reads `symbol`, `symbols` and `symbolStatus`; an error's answer where one of them is wrong. */
export function askedSymbols(
  parameters: URLSearchParams,
  all: readonly SymbolListing[],
  rules: SymbolRules,
): AskedSymbols | Answer {
  const listed = new Map(all.map((listing) => [listing.symbol, listing]));
  const one = parameters.get('symbol');
  const some = parameters.get('symbols');
  const asked = one !== null ? [one] : some === null ? undefined : parseSymbols(some);
  if (refuses(parameters, rules)) return UNKNOWN_PARAMETER;
  if (asked === null || asked?.some((symbol) => !rules.nameRule.test(symbol))) {
    return illegalCharacters('symbols');
  }
  if (asked?.some((symbol) => !listed.has(symbol))) return INVALID_SYMBOL;
  const status = rules.parameters === 'IGNORED' ? null : parameters.get('symbolStatus');
  const listings = (asked ?? [...listed.keys()])
    .map((symbol) => listed.get(symbol))
    .filter((listing) => listing !== undefined)
    .filter((listing) => status === null || listing.status === status);
  if (asked?.length === 1 && listings.length === 0) {
    return apiError(400, -1220, 'The symbol is not in the requested status.');
  }
  return { asked: asked?.length, isOne: one !== null, listings };
}

function refuses(parameters: URLSearchParams, rules: SymbolRules): boolean {
  const isThere = parameters.has('symbolStatus') || parameters.has('showPermissionSets');
  return rules.parameters === 'REFUSED' && isThere;
}

function parseSymbols(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    const valid =
      Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string');
    return valid ? list : null;
  } catch {
    return null;
  }
}
