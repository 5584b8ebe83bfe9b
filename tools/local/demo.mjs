// `npm run demo`
// The program itself is loaded only after the check, since an old Node could not even parse it.
import { requireSupportedNode } from './prerequisites/node-version.mjs';

requireSupportedNode();
import('./program/demo.mjs').catch((error) => {
  console.error(error);
  process.exit(1);
});
