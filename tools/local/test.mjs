// `npm test`
// The program itself is loaded only after the check, since an old Node could not even parse it.
import { requireSupportedNode } from './prerequisites/node-version.mjs';

requireSupportedNode();
import('./program/test.mjs').catch((error) => {
  console.error(error);
  process.exit(1);
});
