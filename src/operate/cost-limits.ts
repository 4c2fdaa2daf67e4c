import type { GraphQLError } from 'graphql';
import { newRequestBudget, type RequestBudget } from '../graphql/request-budget.js';
import type { Costs } from './cost.js';
import { limitExceeded } from '../graphql/errors.js';

/**
 * How many values an operation may ask for (see {@link Costs}): five matrices of 500 assets and what
 * goes with them.
 */
const LARGEST_COST = 1_500_000;

/** How many fields an operation may have worked out. */
const MOST_FIELDS = 150_000;

/**
 * How much of history an operation may read: a hundred cycles of 500 assets, which takes the better part
 * of a second. Of fewer assets it is more cycles; with what is derived from each, it is fewer.
 */
const MOST_READING = 50_000;

/** The error for an operation that asks for too much, with all that its request has asked for before it. */
export function refuseCosts(
  costs: Costs,
  before: Readonly<RequestBudget> = newRequestBudget(),
): GraphQLError | null {
  const [cost, fields] = [before.cost + costs.cost, before.fields + costs.fields];
  const reading = before.reading + costs.reading;
  if (cost > LARGEST_COST) return limitExceeded('cost', LARGEST_COST, cost);
  if (fields > MOST_FIELDS) return limitExceeded('fields', MOST_FIELDS, fields);
  if (reading <= MOST_READING) return null;
  return limitExceeded('assets of stored cycles', MOST_READING, reading);
}

/** Has a request's budget bear an operation. */
export function spend(budget: RequestBudget, { cost, fields, reading }: Costs): void {
  budget.cost += cost;
  budget.fields += fields;
  budget.reading += reading;
}

/** What is told of the cost, as an answer's `extensions.cost`. */
export interface CostReport {
  readonly requested: number;
  readonly allowed: number;
}

/** Null unless the caller asked to be told, by the request's `extensions: { cost: true }`. */
export function costReport(cost: number, extensions: unknown): CostReport | null {
  const isAsked = (extensions as { readonly cost?: unknown } | null | undefined)?.cost === true;
  return isAsked ? { requested: cost, allowed: LARGEST_COST } : null;
}
