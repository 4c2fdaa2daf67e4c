import type { FormattedExecutionResult, GraphQLError } from 'graphql';
import type { Context } from '../graphql/context.js';
import type { Logger } from '../log.js';
import type { CostReport } from './cost-limits.js';
import { presentErrors } from './mask.js';

/** An answer as it was worked out. */
interface Result {
  readonly errors?: readonly GraphQLError[] | undefined;
  readonly data?: Record<string, unknown> | null;
  readonly extensions?: Record<string, unknown>;
}

/** An answer as its caller gets it: its errors masked, and told what it cost where that was asked. */
export function presentAnswer(
  { errors, ...answer }: Result,
  { requestId }: Pick<Context, 'requestId'>,
  log: Logger,
  cost: CostReport | null = null,
): FormattedExecutionResult {
  return {
    ...(errors && { errors: presentErrors(errors, requestId, log) }),
    ...answer,
    ...(cost && { extensions: { ...answer.extensions, cost } }),
  };
}
