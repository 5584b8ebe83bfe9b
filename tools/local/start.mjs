// `npm start -- [--registry FILE] [--out stack.json] [--replicas N] [--data DIR] [--env KEY=VALUE]... [--simulators]`
// The program itself is loaded only after the check, since an old Node could not even parse it.
import { requireSupportedNode } from './prerequisites/node-version.mjs';

requireSupportedNode();
import('./program/start.mjs').catch((error) => {
  console.error(error);
  process.exit(1);
});
