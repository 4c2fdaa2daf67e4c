import { GraphQLError, OperationTypeNode, type OperationDefinitionNode } from 'graphql';
import type { ErrorCode } from './errors.js';
import type { Role } from './roles.js';

/** Who calls. */
export interface Viewer {
  readonly role: Role;
  /** When the rights end: milliseconds since 1970; null for never. */
  readonly expiresAt: number | null;
  /** Tells clients apart where their use is limited; nothing that could be used as a right. */
  readonly client: string;
}

/** The error for an operation that the caller has no right to, or null. */
export function refuseOperation(
  viewer: Viewer,
  operation: OperationDefinitionNode,
): GraphQLError | null {
  if (operation.operation !== OperationTypeNode.MUTATION || viewer.role === 'operator') return null;
  return new GraphQLError('mutations need an access token with the role operator', {
    extensions: { code: 'FORBIDDEN' satisfies ErrorCode, http: { status: 403 } },
  });
}

/** The error for a caller whose token is missing or wrong. */
export function unauthenticated(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'UNAUTHENTICATED' satisfies ErrorCode, http: { status: 401 } },
  });
}
