import { isDeepStrictEqual } from 'node:util';
import { awaitState } from './await-state';

/** Looks until the expected is seen; when it never is, the test fails with what was seen last. */
export async function eventually(look: () => unknown, expected: unknown, timeoutMs = 10_000): Promise<void> {
  let seen: unknown;
  await awaitState(
    'the expected',
    async () => isDeepStrictEqual((seen = await look()), expected),
    timeoutMs,
  ).catch(() => undefined);
  expect(seen).toEqual(expected);
}
