import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { AccessGuard, NEEDED_ROLE } from './access.guard';
import type { Role } from './role';

/**
 * Puts a handler, or all of a controller, behind a bearer token with this role. It brings the guard with it: a role
 * that is named but not guarded would be an open door.
 */
export function RequireRole(role: Role): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(NEEDED_ROLE, role), UseGuards(AccessGuard));
}
