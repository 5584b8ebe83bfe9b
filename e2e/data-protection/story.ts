import { createHash } from 'node:crypto';
import {
  callHttp,
  caseApproved,
  caseSubmitted,
  exampleAnswer,
  infoChanged,
  kybReview,
  phoneChanged,
  pushCase,
  recordDeleted,
  seededStamps,
  signAcquirer,
  UpstreamPublisher,
  type AcquirerCase,
  type UpstreamEvent,
} from '@kyc-relay/simulators';
import { individual } from '../payees/partners';
import { awaitState } from '../world/await-state';
import { call } from '../world/call';
import { PERSON, SECRETS } from './people';
import { ACCOUNT, type ProtectedWorld } from './protected-world';

const USER = 'protected-user';
const stamps = seededStamps({ seed: 'data protection', start: 1_666_755_263_000, step_ms: 0 });
const stamp = (): ReturnType<typeof stamps> => stamps();

/** Facts with planted values, through every edge; taken, refused and failing. */
export async function tellStory(world: ProtectedWorld): Promise<void> {
  await tellKyc(world);
  await tellPayees(world);
  await tellReviews(world);
  await tellRisk(world);
}

async function tellKyc(world: ProtectedWorld): Promise<void> {
  const { kafka, tokens } = world.running.stack;
  const upstream = new UpstreamPublisher({
    brokers: kafka.brokers,
    events_url: world.url('kyc-status-publisher', ''),
    token: tokens.publisher,
  });
  await upstream.connect();
  const signed = async (path: string, json: object, secret: string = SECRETS.business, shows = false) => {
    const answer = await call({
      url: world.url('kyc-status-publisher', path),
      json,
      as: { biz_id: 'MONEY_PLUS', secret },
    });
    world.keep(answer, answer.text, shows);
    return answer;
  };
  const who = { biz_id: 'MONEY_PLUS', shopee_uid: USER };
  await signed('/v1/subscriptions', { action: 'SUBSCRIBE', ...who });
  await signed('/v1/subscriptions', { action: 'SUBSCRIBE', ...who }, 'planted-wrong-secret');
  await signed('/v1/subscriptions', { action: 'SUBSCRIBE', ...who, phone: PERSON.kyc.other[1] });

  const [first, second, third, fourth] = PERSON.kyc.identity;
  const [name, phone, otherPhone, address, mailing, born] = PERSON.kyc.other;
  const info = {
    name,
    phone,
    address,
    mailing_address: mailing,
    date_of_birth: born,
    ic_type: 'NRIC',
    ic_number: first,
  };
  // A receiver that fails, and repeats what it was sent.
  world.moneyPlus.rule({
    match: { shopee_uid: USER, kind: 'info' },
    behaviour: { type: 'http', status: 500, body: `cannot take {"phone":"${otherPhone}"}` },
    times: 2,
  });
  const ce = (event: UpstreamEvent): UpstreamEvent => event;
  await upstream.publish([
    ce(caseSubmitted(stamp(), { shopee_uid: USER, case_id: 'c1', level: 300, info })),
    ce(caseApproved(stamp(), { shopee_uid: USER, case_id: 'c1', decided_by: 'OPS' })),
    ce(
      infoChanged(stamp(), { shopee_uid: USER, target: 'APPROVED', changes: { ic_number: second, address } }),
    ),
    // Refused: nobody's case.
    ce(
      infoChanged(stamp(), {
        shopee_uid: USER,
        target: 'PENDING',
        case_id: 'c9',
        changes: { ic_number: third },
      }),
    ),
    ce(
      caseSubmitted(stamp(), {
        shopee_uid: USER,
        case_id: 'c1',
        level: 300,
        info: { ic_number: third, name },
      }),
    ),
  ]);
  await awaitState('the record is approved', () => world.topics.of('kyc.user-events.v1', USER).length >= 4);
  await upstream.publish([
    phoneChanged(stamp(), { shopee_uid: USER, phone: otherPhone, changed_by: 'USER' }),
  ]);
  await awaitState('the phone has followed', () =>
    world.topics.of('kyc.user-events.v1', USER).some(({ value }) => value.includes(otherPhone)),
  );
  await tellOverHttp(world, tokens.publisher, fourth);
  await awaitState(
    'the refused are dead letters',
    () => world.topics.of('kyc.case-events.v1.dlq').length >= 2,
  );
  await signed('/v1/kyc/query-field-result', who, SECRETS.business, true);
  await signed('/v1/kyc/query-field-result', who, 'planted-wrong-secret');
  await world.look('kyc-status-publisher', `/v1/users/${USER}/entry?biz_id=MONEY_PLUS`);
  await world.look('kyc-status-publisher', `/v1/users/${USER}/history`);
  await awaitState('the failed callback has ended', async () =>
    (await world.look('money-plus-callback', `/v1/callback-tasks?shopee_uid=${USER}&state=FAILED`)).includes(
      USER,
    ),
  );
  const tasks = JSON.parse(
    await world.look('money-plus-callback', `/v1/callback-tasks?shopee_uid=${USER}`),
  ) as {
    items: { task_id: string }[];
  };
  for (const { task_id: id } of tasks.items)
    await world.look('money-plus-callback', `/v1/callback-tasks/${id}`);
  await upstream.publish([recordDeleted(stamp(), { shopee_uid: `${USER}-nobody` })]);
  await upstream.close();
}

/** Over HTTP: taken, and refused whole for one field. */
async function tellOverHttp(world: ProtectedWorld, token: string, icNumber: string): Promise<void> {
  const event = (over: object): object => ({
    specversion: '1.0',
    id: stamp().id,
    source: '/upstream',
    type: 'kyc.case.submitted',
    time: '2022-10-26T02:54:23Z',
    data: {
      shopee_uid: `${USER}-http`,
      case_id: 'h1',
      level: 300,
      info: { ic_number: icNumber, name: PERSON.kyc.other[0] },
      ...over,
    },
  });
  for (const body of [event({}), event({ level: icNumber }), event({ [icNumber]: icNumber })])
    await world.call({
      method: 'POST',
      url: world.url('kyc-status-publisher', '/v1/events'),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(body),
    });
  await awaitState(
    'the event over HTTP is published',
    () => world.topics.of('kyc.user-events.v1', `${USER}-http`).length > 0,
  );
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

async function tellPayees(world: ProtectedWorld): Promise<void> {
  const [number, otherNumber] = PERSON.payee.identity;
  const [lastName, email, phone, street] = PERSON.payee.other;
  const ask = async (action: string, fields: Record<string, string>, token: string = SECRETS.merchant) => {
    const body: Record<string, string> = { ...fields, merchantNo: '202333', storeNo: '301854' };
    const canonical = Object.keys(body)
      .filter((key) => body[key] !== '')
      .sort()
      .map((key) => `${key}=${body[key] ?? ''}`)
      .join('&');
    const verifySign = md5(`${canonical}&${md5(token)}`);
    const answer = await callHttp({
      method: 'POST',
      url: world.url('payee-service', `/v3/payee/${action}`),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, verifySign }),
    });
    // What succeeds shows the payee to its merchant; a refusal shows nothing.
    world.keep(answer, answer.body, answer.body.includes('"000100"'));
    return JSON.parse(answer.body) as { ret_code: string; customer?: Record<string, string> };
  };
  const person = { ...individual(1), governmentId: number, lastName, email, phone, street };
  const customerNo = (await ask('register', person)).customer?.['customerNo'] ?? '';
  if (customerNo === '') throw new Error('the payee was not registered');
  await ask('register', person, 'planted-wrong-token');
  for (const wrong of [
    { street: 'elsewhere' },
    { governmentId: `${number.slice(0, 17)}1` },
    { dateOfBirth: number },
  ])
    await ask('register', { ...person, ...wrong });
  await ask('retrieve', { customerNo });
  await ask('update', { customerNo, governmentId: otherNumber, phone: '5550001' });
  await world.call({
    method: 'POST',
    url: world.url('payee-service', `/v1/payees/${customerNo}/status`),
    headers: {
      authorization: `Bearer ${world.running.stack.tokens.operator}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ status: 'Pending', reason: 'documents are wanted' }),
  });
  await world.look('payee-service', '/v1/payees?merchantNo=202333');
  await world.look('payee-service', `/v1/payees/${customerNo}/history`);
  await awaitState('payees are told of', () => world.topics.of('payee.changed.v1', customerNo).length >= 3);
}

async function tellReviews(world: ProtectedWorld): Promise<void> {
  const [number, otherNumber] = PERSON.review.identity;
  const review = (bizId: string, idCardNumber: string) =>
    kybReview({
      bizId,
      status: 'MODIFY',
      merchantClientId: 'client-1',
      reviewDetail: {
        personReviewResult: [{ customerId: 1, customerType: 1, idCardNumber, status: 'FAILED' }],
      },
    });
  const orders = [
    { message: review('r1', number) },
    { message: review('r1', number), duplicates: 1 },
    { message: review('r2', otherNumber), forge: 'salt' as const, repeats: 0 },
    { message: { ...review('r3', otherNumber), status: 7 as never }, repeats: 0 },
  ];
  for (const order of orders) {
    const { attempts } = await world.reviewer.send(order).done;
    for (const { status, answer } of attempts) world.keep({ status, headers: {} }, answer);
  }
  await awaitState('reviews are told of', () => world.topics.of('review.decided.v1', 'client-1').length > 0);
  await world.look('review-notify-ingest', '/v1/reviews');
  await world.look('review-notify-ingest', '/v1/reviews/SM_KYC_REVIEW/r1');
}

/** The case of the acquirer's documentation, of a planted person. */
export function plantedCase(): AcquirerCase {
  const [claimantName, claimantPhone, contact] = PERSON.risk.other;
  const [example] = exampleAnswer().respData.list;
  return { ...example, idCardNo: PERSON.risk.identity[0], claimantName, claimantPhone, contact };
}

async function tellRisk(world: ProtectedWorld): Promise<void> {
  const [, otherNumber] = PERSON.risk.identity;
  const [, claimantPhone] = PERSON.risk.other;
  const example = plantedCase();
  const flowNo = String(example['flowNo']);
  await awaitState('the case is pulled', () => world.topics.of('risk.case-changed.v1', flowNo).length > 0);
  world.acquirer.acquirer.cases.change(flowNo, { idCardNo: otherNumber });
  await awaitState('its change is pulled', () => world.topics.of('risk.case-changed.v1', flowNo).length > 1);
  const url = world.url('risk-case-sync', '/v1/notify/risk-cases');
  const fields = { flowNo, flowStatus: 'DSH', idCardNo: otherNumber, claimantPhone, measure: '2' };
  for (const order of [
    { url, fields, signed: true },
    { url, fields: { ...fields, remark: 'again' } },
    { url, fields: { ...fields, sign: 'F'.repeat(32), accessid: 'x' } },
    { url, fields: { ...fields, flowNo: `${flowNo},${otherNumber}` }, signed: true },
  ]) {
    const answer = await pushCase(order, ACCOUNT);
    world.keep(answer, answer.body);
  }
  for (const [key, shows] of [
    [SECRETS.clientKey, true],
    ['planted-wrong-key', false],
  ] as const) {
    const query: Record<string, unknown> = { flowNo, beginLine: 1, pageSize: 20, accessid: 'client' };
    query['firstLevelAgentNum'] = example['firstLevelAgentNum'];
    query['sign'] = signAcquirer(query, key);
    await world.call(
      {
        method: 'POST',
        url: world.url('risk-case-sync', '/v1/risk-cases/query'),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(query),
      },
      shows,
    );
  }
  await world.look('risk-case-sync', '/v1/sync-runs');
  await world.look('risk-case-sync', `/v1/risk-cases/${flowNo}/history`);
}
