/** What a caller may do: a viewer reads and subscribes; an operator may also run mutations. */
export const ROLES = ['viewer', 'operator'] as const;
export type Role = (typeof ROLES)[number];
