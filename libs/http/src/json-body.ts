import { isUtf8 } from 'node:buffer';

/** The JSON value of raw bytes, or undefined when they are not JSON in UTF-8. */
export function parseJsonBody(body: Buffer): { value: unknown } | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    return { value: JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}
