import { IsText } from '@kyc-relay/contracts';
import { IsIn, Matches } from 'class-validator';

/** Roles of our own API; an operator may do what a viewer may (platform.md, "Security"). */
export const TOKEN_ROLES = ['viewer', 'operator', 'publisher'] as const;

/** A bearer token of our own API. */
export class ApiToken {
  /** Who holds it; the actor in the audit log. */
  @IsText({ max: 64 })
  name!: string;

  /** What it may do. */
  @IsIn(TOKEN_ROLES, { message: `must be one of ${TOKEN_ROLES.join(', ')}` })
  role!: (typeof TOKEN_ROLES)[number];

  /** SHA-256 of the token, 64 hex digits; the token itself is kept nowhere. */
  @Matches(/^[0-9a-f]{64}$/i, { message: 'must be the 64 hex digits of a SHA-256' })
  sha256!: string;
}
