/**
 * The parameters of a request that are there: a text, a number as it was written, or null for a value that is neither.
 * Empty and null parameters are not in it, as they are the same as absent ones (payees.md, API).
 */
export type Parameters = ReadonlyMap<string, string | null>;
