import { setTimeout as delay } from 'node:timers/promises';
import { CONTEXTS } from './contexts';
import { requireVariable, run, say } from './environment';
import { listMissing, runMissing } from './migrations';

const LOOK_EVERY_MS = 1_000;

/** `npm run migrate -- plan|up|wait`: shows, runs, or waits for the migrations that are missing, context by context. */
async function main(): Promise<void> {
  const url = requireVariable('DATABASE_URL');
  const verb = process.argv[2];
  for (const context of CONTEXTS) {
    switch (verb) {
      case 'plan':
        tell(context.schema, 'missing', await listMissing(url, context));
        break;
      case 'up':
        tell(context.schema, 'done', await runMissing(url, context));
        break;
      case 'wait':
        while ((await listMissing(url, context)).length > 0) await delay(LOOK_EVERY_MS);
        tell(context.schema, 'missing', []);
        break;
      default:
        throw new Error('usage: npm run migrate -- plan|up|wait');
    }
  }
}

function tell(schema: string, what: string, names: readonly string[]): void {
  say(`${schema}: ${names.length === 0 ? 'up to date' : `${what} ${names.join(', ')}`}`);
}

run(main);
