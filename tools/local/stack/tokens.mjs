import { createHash, randomBytes } from 'node:crypto';

const ROLES = /** @type {const} */ (['viewer', 'operator', 'publisher']);

/**
 * A new token for each role of our own API.
 *
 * @returns {Record<typeof ROLES[number], string>}
 */
export function createTokens() {
  const token = () => randomBytes(24).toString('base64url');
  return { viewer: token(), operator: token(), publisher: token() };
}

/**
 * The tokens as the services may know them: hashed (platform.md, "Partner registry").
 *
 * @param {Record<typeof ROLES[number], string>} tokens
 */
export function hashTokens(tokens) {
  return {
    api_tokens: ROLES.map((role) => ({
      name: role,
      role,
      sha256: createHash('sha256').update(tokens[role]).digest('hex'),
    })),
  };
}
