import { RoleDocument, type Role } from '../../generated/operations.js';
import { useAsked } from './use-asked.js';

/** What the token of this page allows, or the server to everybody; null before that is known. */
export function useRole(): Role | null {
  return useAsked(RoleDocument, {}).data?.role ?? null;
}
