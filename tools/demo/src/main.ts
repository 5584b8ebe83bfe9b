import { tellDelivery } from './chapters/delivery';
import { tellPayees } from './chapters/payees';
import { tellReviews } from './chapters/reviews';
import { tellRisk } from './chapters/risk';
import { tellInfo } from './chapters/info';
import { tellPhone } from './chapters/phone';
import { tellStatus } from './chapters/status';
import { tellSubscription } from './chapters/subscription';
import { Partners } from './partners';
import { readRegistry, readStack } from './stack';
import { formatChapter, holds, type Chapter } from './table';
import { MONEY_PLUS, World } from './world';

/** The story, chapter by chapter. */
const CHAPTERS: ((world: World, partners: Partners) => Promise<Chapter>)[] = [
  tellStatus,
  tellInfo,
  tellSubscription,
  tellPhone,
  tellDelivery,
  tellPayees,
  tellReviews,
  tellRisk,
];

/** Plays the story against a running stack; exit code 0 only if every line holds. */
async function main(): Promise<number> {
  const stack = readStack(process.env['STACK_FILE']);
  const registry = readRegistry(stack);
  const secret = registry.businesses.find(({ biz_id: id }) => id === MONEY_PLUS)?.secrets[0];
  if (secret === undefined) throw new Error(`the registry has no ${MONEY_PLUS}`);
  const world = new World(stack, secret, Date.now().toString(36));
  const partners = new Partners(stack, registry);
  let told = 0;
  let held = 0;
  for (const tell of CHAPTERS) {
    const chapter = await tell(world, partners);
    process.stdout.write(formatChapter(chapter));
    told += chapter.lines.length;
    held += chapter.lines.filter(holds).length;
  }
  process.stdout.write(`\n${held} of ${told} lines hold\n`);
  return held === told ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`the story broke off: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
