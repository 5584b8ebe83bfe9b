/** What a span tells of its work: ids, counts and outcomes, nothing personal. Names are OpenTelemetry's where it has one. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Which end of a call a span is: it takes a request or a message in, calls somebody, or works by itself. */
export type SpanKind = 'SERVER' | 'CONSUMER' | 'CLIENT' | 'INTERNAL';

/** A piece of work under way. */
export interface Span {
  /** W3C trace context for what this work calls or sends, which then belongs to it. */
  readonly traceparent: string;
  /** Adds to what the span tells. Texts are cut at 256 characters. */
  set(attributes: SpanAttributes): void;
  /** Ends it now. @param error a stable code or class of the failure; absent when there was none */
  end(error?: string): void;
}

/** Makes spans (`platform.md`, Operation). Trace contexts are handed on explicitly, as texts; nothing is ambient. */
export interface Tracing {
  /** Whether spans are made at all. */
  readonly isOn: boolean;
  /**
   * Starts a span.
   * @param name short, of few different values
   * @param parent `traceparent` of what caused the work; absent: the work begins a trace
   * @returns undefined when nothing is to be recorded: then the parent is what goes on. A trace that begins here and is
   *   not sampled does have a span, so that what follows learns of it.
   */
  start(kind: SpanKind, name: string, parent: string | null | undefined): Span | undefined;
  /** Exports what is left, for at most a second; never rejects. */
  stop(): Promise<void>;
}

/** No spans, at no cost; trace contexts are passed on as they come. */
export const TRACING_OFF: Tracing = {
  isOn: false,
  start: () => undefined,
  stop: async () => {
    await Promise.resolve();
  },
};
