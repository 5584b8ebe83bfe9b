/** What a token may do: see, act, or hand in events (platform.md, "Security"). */
export type Role = 'viewer' | 'operator' | 'publisher';

/** The roles that each role includes: an operator may do what a viewer may. */
const INCLUDED: Readonly<Record<Role, readonly Role[]>> = {
  viewer: ['viewer'],
  operator: ['operator', 'viewer'],
  publisher: ['publisher'],
};

/** Whether a token's role is enough for what needs `needed`. */
export function roleIncludes(role: Role, needed: Role): boolean {
  return INCLUDED[role].includes(needed);
}
