import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether two texts are equal, in a time that tells nothing about where they differ or how long the secret one
 * is. Both are hashed first because `timingSafeEqual` refuses different lengths, and answering early for those
 * would tell the length.
 */
export function constantTimeEqual(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
