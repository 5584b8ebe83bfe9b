export { findDecidedCases, type CaseOfUser } from './decided-case.repository';
export { readHistory, type HistoryItem } from './history.repository';
export { findRequest, rememberRequest } from './subscription-request.repository';
export { UserChanges } from './user-changes';
export { UserRepository } from './user.repository';
export { decideChunk, type ChunkRules } from './decide-chunk';
export { kycPurges, type KycRetention } from './retention';
