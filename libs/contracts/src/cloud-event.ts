/** A CloudEvents 1.0 event, its envelope checked (platform.md, Messages we publish). */
export interface CloudEvent<T = unknown> {
  /** Unique per source, 1 to 256 characters. */
  id: string;
  /** Who publishes, 1 to 256 characters. */
  source: string;
  /** What happened, such as `kyc.case.approved`. */
  type: string;
  /** When it happened, says the source. Data, never an order. */
  time: Date;
  /** What it is about, where the source says so. */
  subject?: string | undefined;
  /** The content; `undefined` where the event carries none. */
  data: T;
}

/** A CloudEvent whose type and content are known. */
export interface TypedCloudEvent<K extends string, T> extends CloudEvent<T> {
  type: K;
}
