export { constantTimeEqual } from './constant-time';
export { sha256Hex } from './digest';
export { KeyRing, KeyRingError } from './key-ring';
export { keyIdOf, SealError, type SealCode, type SealedPlace } from './sealed-format';
