import { hash } from 'node:crypto';

/**
 * The SHA-256 of a text (as UTF-8) or of bytes, as 64 lower-case hex digits: the form in which API tokens are
 * kept in the registry and bodies are named in logs.
 */
export function sha256Hex(content: string | Uint8Array): string {
  return hash('sha256', content);
}
