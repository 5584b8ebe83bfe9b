import { describeError } from '../logger';
import type { Span, Tracing } from './tracing';

/**
 * Does work that nobody called for in a span of its own, which begins a trace. A failure is told by its code or class.
 *
 * @param work is given the span, to tell more and to hand its trace context on; undefined when tracing is off
 */
export async function inSpan<T>(
  tracing: Tracing,
  name: string,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = tracing.start('INTERNAL', name, undefined);
  try {
    const result = await work(span);
    span?.end();
    return result;
  } catch (error) {
    const { code, type } = describeError(error);
    span?.end(code ?? type);
    throw error;
  }
}
