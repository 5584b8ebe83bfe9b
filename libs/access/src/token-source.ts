import type { Role } from './role';

/** A bearer token that is accepted; the token itself is kept nowhere. */
export interface AccessToken {
  /** Who holds it; the actor in the audit log. */
  name: string;
  /** What it may do. */
  role: Role;
  /** SHA-256 of the token's UTF-8 bytes, lower-case hex. */
  sha256: string;
}

/** Whoever knows the accepted tokens; asked for each request, so that a reload counts at once. */
export interface TokenSource {
  tokens(): readonly AccessToken[];
}

/** Nest's name for the `TokenSource` that a module must provide where `@RequireRole` is used. */
export const TOKEN_SOURCE = Symbol('TokenSource');
