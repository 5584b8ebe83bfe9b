import { userInfo } from 'node:os';
import { createKafka, readHeaders, SerialProducer } from '@kyc-relay/messaging';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { createLogger } from '@kyc-relay/telemetry';
import { firstOfEach, readDeadLetters, replay } from './dead-letters';
import { parseDlqCommand, type DlqCommand } from './dlq-arguments';
import { brokers, requireVariable, run, say } from './environment';
import { dropKey, listParked, releaseKey } from './parked-keys';

/** `npm run dlq`: shows and replays dead letters, shows, releases and drops parked keys. Prints ids, never values. */
async function main(): Promise<void> {
  const command = parseDlqCommand(process.argv.slice(2));
  if (command.verb === 'list' || command.verb === 'replay') await handleLetters(command);
  else await handleParked(command);
}

async function handleLetters(command: DlqCommand): Promise<void> {
  const logger = createLogger('dlq', 'fatal');
  const kafka = createKafka({ brokers: brokers(), clientId: 'dlq', logger });
  const producer = new SerialProducer(kafka, logger);
  const replaying = command.verb === 'replay' && !command.dryRun;
  const isFirst = firstOfEach();
  let count = 0;
  await readDeadLetters(kafka, command.topic, command, async (found) => {
    const letters = command.verb === 'replay' ? found.filter(isFirst) : found;
    count += letters.length;
    for (const letter of letters) {
      const h = readHeaders(letter);
      say(
        [
          h['dlq-time'],
          `${letter.partition}:${letter.offset}`,
          `key=${letter.key?.toString('utf8') ?? ''}`,
          h['dlq-reason'],
          h['dlq-detail'],
          h['dlq-service'],
        ].join('  '),
      );
    }
    if (replaying) await replay(producer, letters, new Date());
  });
  await producer.stop();
  say(
    command.verb === 'list'
      ? `${count} dead letters`
      : `${count} ${replaying ? 'replayed' : 'would be replayed'}`,
  );
}

async function handleParked(command: DlqCommand): Promise<void> {
  const database = new Database(
    await createDataSource({
      url: requireVariable('DATABASE_URL'),
      schema: 'public',
      applicationName: 'dlq',
      poolSize: 2,
    }).initialize(),
  );
  try {
    const parked = await listParked(database, command.topic, command.key);
    const by = { actor: command.actor ?? userInfo().username, reason: command.reason ?? '' };
    for (const one of parked) {
      say(`${one.place}  key=${one.key}  ${one.state}  ${one.code}  ${one.messages} messages`);
      if (command.verb === 'release') await releaseKey(database, one, by);
      if (command.verb === 'drop') await dropKey(database, one, by);
    }
    const done = { release: 'released', drop: 'dropped' } as const;
    say(
      `${parked.length} parked keys${command.verb in done ? ` ${done[command.verb as keyof typeof done]}` : ''}`,
    );
  } finally {
    await database.close();
  }
}

run(main);
