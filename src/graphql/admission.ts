import type { GraphQLError } from 'graphql';
import type { CostQuestion } from './cost.js';
import { checkCost } from './limits.js';
import { refuseOperation, type Viewer } from './rights.js';

/** What an operation asks for, and the error where its caller may not run it or it asks for too much. */
export function admit(
  viewer: Viewer,
  question: CostQuestion,
): { readonly cost: number; readonly refused: GraphQLError | null } {
  const { cost, refused } = checkCost(question);
  return { cost, refused: refuseOperation(viewer, question.operation) ?? refused };
}
