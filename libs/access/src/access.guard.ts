import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemException } from '@kyc-relay/http';
import { rememberActor } from './actor.decorator';
import { type AccessRefusal, decideAccess } from './decide-access';
import type { Role } from './role';
import { TOKEN_SOURCE, type TokenSource } from './token-source';

/** Where `@RequireRole` leaves the role of a handler or controller. */
export const NEEDED_ROLE = Symbol('needed role');

interface BearerRequest {
  headers: { authorization?: string };
}

/**
 * Lets a request pass whose bearer token has the role that `@RequireRole` names; 401 without a token that we
 * know, 403 with one of another role.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(TOKEN_SOURCE) private readonly source: TokenSource,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  /** Throws `ProblemException` to refuse; remembers the actor of what passes. */
  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    const needed = this.reflector.getAllAndOverride<Role | undefined>(NEEDED_ROLE, places);
    // A guarded handler that names no role is a mistake, and must not be an open door.
    if (needed === undefined) throw new Error('a handler behind AccessGuard needs @RequireRole');
    const request = context.switchToHttp().getRequest<BearerRequest>();
    rememberActor(request, requireAccess(this.source, request.headers.authorization, needed));
    return true;
  }
}

/**
 * The actor of a request that has the role; for handlers that also take other credentials than a bearer token.
 *
 * @throws ProblemException 401 `access.unauthenticated`, 403 `access.forbidden`
 */
export function requireAccess(source: TokenSource, authorization: string | undefined, needed: Role): string {
  const verdict = decideAccess(source.tokens(), authorization, needed);
  if (!verdict.ok) throw refusal(verdict.code, needed);
  return verdict.actor;
}

function refusal(code: AccessRefusal, needed: Role): ProblemException {
  switch (code) {
    case 'access.unauthenticated':
      return new ProblemException(401, code, 'Unauthorized', { detail: 'a valid bearer token is needed' });
    case 'access.forbidden':
      return new ProblemException(403, code, 'Forbidden', { detail: `the role ${needed} is needed` });
  }
}
