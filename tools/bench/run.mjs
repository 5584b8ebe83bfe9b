// `npm run bench`
// The program itself is loaded only after the check, since an old Node could not even parse it.
import { requireSupportedNode } from '../local/prerequisites/node-version.mjs';

requireSupportedNode();
import('./program/bench.mjs').catch((error) => {
  console.error(error);
  process.exit(1);
});
