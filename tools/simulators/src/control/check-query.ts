import type { CheckOptions } from '../check-delivery';
import { ControlProblem } from './control-problem';

/** Reads the body of `POST /control/check`; none means no options. */
export function parseCheckOptions(body: unknown): CheckOptions {
  if (body === undefined) return {};
  const { redriven = [], crash_windows: windows = [] } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(redriven) || !redriven.every((id) => typeof id === 'string')) {
    throw new ControlProblem(400, 'redriven must be a list of event ids');
  }
  if (!Array.isArray(windows) || !windows.every(isWindow)) {
    throw new ControlProblem(400, 'crash_windows must be a list of {from, to} in ms since the epoch');
  }
  return { redriven, crash_windows: windows };
}

function isWindow(value: unknown): value is { from: number; to: number } {
  const { from, to } = (value ?? {}) as Record<string, unknown>;
  return typeof from === 'number' && typeof to === 'number';
}
