/** One thing that is wrong with an input: where, and which rule. It never holds the value. */
export interface FieldError {
  /** Path from the root of the input, such as `data.info.name` or `data.reason_keys[3]`. */
  field: string;
  /** The rule that is broken, in words. */
  message: string;
}

/** What a check of an input gives: the typed value, or all that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] };
