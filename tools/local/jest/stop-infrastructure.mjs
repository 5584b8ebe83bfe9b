import { takeKeptRun } from './kept-run.mjs';

/** After the integration tests. */
export default async function stopForTests() {
  await takeKeptRun()?.close();
}
