/** A UUIDv7 (platform.md, "Messages we publish"). */
export const A_UUID_V7: unknown = expect.stringMatching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
);

/** A time in RFC 3339, UTC. */
export const A_TIME: unknown = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/);

/** A text that is not empty. */
export const A_TEXT: unknown = expect.stringMatching(/./);

/** A list with these items, in any order, among others perhaps. */
export function containing(...items: unknown[]): unknown {
  return expect.arrayContaining(items);
}

/** An object with these fields, among others perhaps. */
export function objectWith(fields: Record<string, unknown>): unknown {
  return expect.objectContaining(fields);
}
