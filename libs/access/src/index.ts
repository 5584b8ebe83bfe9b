export { AccessGuard, requireAccess } from './access.guard';
export { Actor } from './actor.decorator';
export { audit, auditPurge, auditTable, type AuditEntry } from './audit';
export { decideAccess, type AccessRefusal, type AccessVerdict } from './decide-access';
export { readAction } from './read-action';
export { MAX_REASON_LENGTH, parseReason, type ReasonVerdict } from './reason';
export { RequireRole } from './require-role.decorator';
export type { Role } from './role';
export { TOKEN_SOURCE, type AccessToken, type TokenSource } from './token-source';
