import { KeyRing } from '@kyc-relay/crypto';
import { SerialProducer } from '@kyc-relay/messaging';
import { OutboxRelay, type OutgoingMessage } from '@kyc-relay/outbox';
import { createDataSource, Database } from '@kyc-relay/persistence';
import { createLogger, Metrics } from '@kyc-relay/telemetry';
import { sendRaw } from '../raw/raw-send';
import { perEvent, type Report } from '../report';
import { median, Meter } from '../rig/meter';
import { DATA_KEYS, type Rig } from '../rig/rig';
import { USERS } from '../workload/users';

const ROWS = 60_000;
/** Relay and raw send take turns, so that both see the same machine; the medians count. */
const TURNS = 3;

/** The real relay and producer on a full outbox, beside kafkajs alone with the same batches. */
export async function measureRelay(rig: Rig): Promise<Report> {
  const ours: number[] = [];
  const raw: number[] = [];
  const watched = {
    'relay process': process.pid,
    postgres: rig.around.postgresPid,
    kafka: rig.around.kafkaPid,
  };
  const cpu: Record<string, number> = {};
  const rawCpu: Record<string, number> = {};
  let messages = 0;
  let batches: (readonly OutgoingMessage[])[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await fillOutbox(rig);
    batches = [];
    const meter = Meter.start(watched);
    await relayAll(rig, batches);
    const taken = meter.stop();
    messages = batches.reduce((sum, batch) => sum + batch.length, 0);
    ours.push(messages / taken.seconds);
    addUp(cpu, taken.cpuSeconds);
    rig.say(`relay: ${Math.round(messages / taken.seconds)}/s`);

    const rawMeter = Meter.start({ 'relay process': process.pid, kafka: rig.around.kafkaPid });
    raw.push(messages / (await sendRaw(rig.kafka, batches)));
    addUp(rawCpu, rawMeter.stop().cpuSeconds);
    rig.say(`kafkajs alone: ${Math.round(raw.at(-1) ?? 0)}/s`);
  }
  const value = median(ours);
  const ceiling = median(raw);
  const bytes = batches[0]?.[0]?.value?.length ?? 0;
  return {
    measurement: 'relay: a full outbox to Kafka',
    setup: [
      `${rig.sized(ROWS)} status changes (${bytes} bytes and 7 headers each) in ${batches.length} batches; median of ${TURNS} turns`,
      'the same batches are then sent by kafkajs alone: idempotent, acks -1, one in flight',
    ],
    figures: [
      {
        what: 'messages relayed and deleted',
        value,
        unit: '/s',
        raw: { what: 'sendBatch', value: ceiling },
        goal: { text: '>= 70 % of raw', isMet: value >= 0.7 * ceiling },
        cpuUsPerEvent: {
          ...perEvent(cpu, messages * TURNS),
          'kafkajs alone': ((rawCpu['relay process'] ?? 0) * 1e6) / (messages * TURNS),
        },
      },
    ],
  };
}

/** Publishes what is in the outbox, and ends when it is empty; keeps the batches as they were sent. */
async function relayAll(rig: Rig, batches: (readonly OutgoingMessage[])[]): Promise<void> {
  const logger = createLogger('bench', 'error');
  const database = new Database(
    createDataSource({ url: rig.databaseUrl, schema: 'kyc', applicationName: 'bench', poolSize: 4 }),
  );
  await database.dataSource.initialize();
  const producer = new SerialProducer(rig.kafka, logger);
  let left = rig.sized(ROWS);
  await new Promise<void>((resolve) => {
    const relay = new OutboxRelay({
      database,
      schema: 'kyc',
      url: rig.databaseUrl,
      publisher: {
        publish: async (messages) => {
          await producer.publish(messages);
          batches.push(messages);
          left -= messages.length;
          // The stop waits for the deletions.
          if (left === 0) setImmediate(() => void relay.stop().then(resolve));
        },
      },
      keyRing: KeyRing.parse(DATA_KEYS),
      logger,
      metrics: new Metrics(),
    });
    relay.start();
  });
  await producer.stop();
  await database.close();
}

async function fillOutbox(rig: Rig): Promise<void> {
  await rig.pool.query('truncate kyc.outbox');
  await rig.pool.query(
    `insert into kyc.outbox (event_id, topic, key, headers, payload)
     select e.id, 'kyc.user-events.v1', u.uid,
       json_build_object('ce_specversion', '1.0', 'ce_id', e.id, 'ce_type', 'kyc.status-changed',
         'ce_source', '/kyc-relay/kyc-status-publisher', 'ce_time', '2026-01-01T00:00:00.000Z',
         'ce_subject', u.uid, 'content-type', 'application/json'),
       convert_to('{"event_id":"' || e.id || '","shopee_uid":"' || u.uid || '","version":1,' ||
         '"spay_kyc_client_status":2,"spay_kyc_level":300,"spay_reject_reason":"","spay_reject_reason_key":"",' ||
         '"spay_delete_reason":"","spay_delete_reason_key":"","change_status_time":1767225600,' ||
         '"subscriptions":[{"biz_id":"MONEY_PLUS","is_meet_business":false}]}', 'UTF8')
     from generate_series(1, $1::int) as n,
       lateral (select gen_random_uuid() as id, n as row) as e,
       lateral (select 'u' || lpad(((n::bigint * 61803399) % $2::int)::text, 11, '0') as uid) as u`,
    [rig.sized(ROWS), USERS],
  );
  await rig.pool.query('vacuum analyze kyc.outbox');
}

function addUp(sums: Record<string, number>, more: Record<string, number>): void {
  for (const [name, value] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + value;
}
