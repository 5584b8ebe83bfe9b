/** By rule, statements that make what it purges as of `{at}`, one row of the rule's table with the id `{id}`. */
export const PAST: Readonly<Record<string, readonly string[]>> = {
  "kyc.user_history: entries of users' histories": [
    `insert into kyc.user_history (shopee_uid, at, type, decision, changes) values ('{id}', {at}, 't', 'APPLIED', '[]')`,
  ],
  'kyc.decided_cases: the memory of decided cases': [
    `insert into kyc.decided_cases values ('{id}', 'c', {at})`,
  ],
  'kyc.subscription_requests: answered subscription requests': [
    `insert into kyc.subscription_requests values ('B', '{id}', 'h', '{}', {at})`,
  ],
  'money_plus.tasks: bodies of ended callbacks': [task(`'{id}'`, `'{}'`)],
  'money_plus.attempts: first parts of responses': [
    `insert into money_plus.attempts values (md5('{id}')::uuid, 1, {at}, 5, 200, 0, null, 'OK', true)`,
  ],
  'money_plus.tasks: ended callbacks with their attempts': [
    task(`'ended {id}'`, 'null'),
    `insert into money_plus.attempts values (md5('ended {id}')::uuid, 1, {at}, 5, 200, 0, null, null, true)`,
  ],
  "payee.payee_history: entries of payees' histories": [
    `insert into payee.payee_history (customer_no, at, type, version, status, source, by, changes)
     values ('{id}', {at}, 'UPDATED', 2, 'Pending', 'PARTNER', 's', '[]')`,
  ],
  'review.reviews: reviews with their steps, after the last one': [
    `insert into review.clients values ('{id}', null)`,
    review(`'{id}'`, '{at}'),
    `insert into review.steps (review_id, sequence, event_id, status, content_hash, received_at, body)
     select id, 1, gen_random_uuid(), 'PASS', '', {at}, '' from review.reviews where biz_id = '{id}'`,
  ],
  'review.clients: the memory of deleted payees': [`insert into review.clients values ('erased {id}', {at})`],
  'risk.cases: final and missing cases with their contents': [
    riskCase(`'{id}'`, 'SHTG', '{at}'),
    `insert into risk.case_contents values ('{id}', '', '{}')`,
    `insert into risk.push_notes values ('{id}', '1', null)`,
    `insert into risk.day_counts as c select 'A', created_day, 'SHTG', 1 from risk.cases where flow_no = '{id}'
     on conflict (agent, day, status) do update set cases = c.cases + 1`,
  ],
  'risk.case_history: histories of cases': [
    `insert into risk.case_history values ('{id}', gen_random_uuid(), 1, 'PULL', {at}, '[]')`,
  ],
  'risk.pushes: pushes as they came': [
    `insert into risk.pushes values (gen_random_uuid(), 'q', 'unknown {id}', true, '', 'EMPTY', {at})`,
    `insert into risk.push_notes values ('unknown {id}', '1', null)`,
  ],
  'risk.odd_rows: rows that are no case': [
    `insert into risk.odd_rows values (gen_random_uuid(), 'A', '{id}', 'r', '', {at}, {at})`,
  ],
  'risk.push_bodies: the memory of pushes, to recognise repeats': [
    `insert into risk.push_bodies values ('{id}', {at})`,
  ],
  'risk.sync_runs: finished runs': [
    `insert into risk.sync_runs (run_id, agent, state, started_at, finished_at)
     values (gen_random_uuid(), '{id}', 'DONE', {at}, {at})`,
  ],
  ...Object.fromEntries(
    ['kyc', 'money_plus', 'payee', 'review'].map((schema) => [
      `${schema}.inbox: the ids of consumed events`,
      [`insert into ${schema}.inbox values ('c', 's', '{id}', false, {at})`],
    ]),
  ),
  ...Object.fromEntries(
    ['kyc', 'money_plus', 'payee', 'review', 'risk'].map((schema) => [
      `${schema}.audit_log: operators' actions`,
      [
        `insert into ${schema}.audit_log (actor, action, target, reason, at) values ('a', 'x', '{id}', 'r', {at})`,
      ],
    ]),
  ),
};

const LONG_AGO = `timestamptz '2001-01-01'`;

/** By table, statements that make a row that is old and in use all the same. */
export const IN_USE: Readonly<Record<string, readonly string[]>> = {
  'kyc.users': [`insert into kyc.users (shopee_uid, pending_since) values ('u', ${LONG_AGO})`],
  'money_plus.tasks': [
    `insert into money_plus.tasks (task_id, event_id, biz_id, shopee_uid, kind, version, body, created_at, queued_at)
     values (gen_random_uuid(), gen_random_uuid(), 'B', 'u', 'STATUS', 1, '{}', ${LONG_AGO}, ${LONG_AGO})`,
  ],
  'money_plus.attempts': [
    // What a pending callback was answered goes with the answers' time only.
    `insert into money_plus.attempts
     select task_id, 1, ${LONG_AGO}, 5, 500, null, 'HTTP_STATUS', null, true from money_plus.tasks`,
  ],
  'money_plus.lanes': [`insert into money_plus.lanes values ('u', 'B', 'STATUS', ${LONG_AGO})`],
  'money_plus.circuits': [`insert into money_plus.circuits values ('B', 'o', 10, ${LONG_AGO}, ${LONG_AGO})`],
  'money_plus.user_versions': [`insert into money_plus.user_versions values ('u', 1)`],
  'payee.payees': [
    `insert into payee.payees values (repeat('1', 22), 'm', 's', 1, 'Pending', ${LONG_AGO}, 'e', 'e', null, '', '{}',
       ${LONG_AGO}, ${LONG_AGO}, null)`,
    `insert into payee.payees values (repeat('2', 22), 'm', 's', 2, 'Pending', ${LONG_AGO}, null, null, null, null, null,
       ${LONG_AGO}, ${LONG_AGO}, ${LONG_AGO})`,
  ],
  'payee.review_steps': [`insert into payee.review_steps values ('1', 'I', 'T', 'b', 1)`],
  'review.clients': [`insert into review.clients values ('c', null)`],
  // One that began long ago and has just taken a step.
  'review.reviews': [review(`'c'`, LONG_AGO), `update review.reviews set received_at = now()`],
  'review.steps': [
    `insert into review.steps (review_id, sequence, event_id, status, content_hash, received_at)
     select id, 1, gen_random_uuid(), 'PENDING', '', ${LONG_AGO} from review.reviews`,
  ],
  'risk.cases': [riskCase(`'open'`, 'DSH', LONG_AGO)],
  'risk.case_contents': [`insert into risk.case_contents values ('open', '', '{}')`],
  'risk.push_notes': [`insert into risk.push_notes values ('open', '1', null)`],
  'risk.day_counts': [`insert into risk.day_counts values ('A', '2001-01-01', 'DSH', 1)`],
  'risk.agents': [`insert into risk.agents (agent, acquirer, created_at) values ('A', 'q', ${LONG_AGO})`],
  'risk.rate_budgets': [`insert into risk.rate_budgets values ('q', ${LONG_AGO})`],
  'risk.sync_runs': [
    `insert into risk.sync_runs (run_id, agent, started_at) values (gen_random_uuid(), 'A', ${LONG_AGO})`,
  ],
  'risk.sync_windows': [
    `insert into risk.sync_windows (agent, from_at, to_at) values ('A', ${LONG_AGO}, now())`,
  ],
  'risk.window_pages': [`insert into risk.window_pages select id, 1, 0, '{}' from risk.sync_windows`],
  'risk.month_checks': [`insert into risk.month_checks values ('A', '2001-01-01', 0, ${LONG_AGO})`],
  'risk.read_backs': [
    `insert into risk.read_backs (flow_no, agent, agents_left, empties_left, due_at)
     values ('open', 'A', '{}', 5, ${LONG_AGO})`,
  ],
  ...Object.fromEntries(
    ['kyc', 'money_plus', 'payee', 'review', 'risk'].flatMap((schema) => [
      [
        `${schema}.outbox`,
        [
          `insert into ${schema}.outbox (event_id, topic, key, headers, payload, created_at)
           values (gen_random_uuid(), 't', 'k', '{}', '', ${LONG_AGO})`,
        ],
      ],
      [`${schema}.outbox_keys`, [`insert into ${schema}.outbox_keys values ('k')`]],
      [
        `${schema}.outbox_parked_keys`,
        [`insert into ${schema}.outbox_parked_keys values ('t', 'k', 'c', ${LONG_AGO})`],
      ],
      [
        `${schema}.parked_keys`,
        [`insert into ${schema}.parked_keys values ('c', 't', 'k', 'PARKED', 'c', ${LONG_AGO})`],
      ],
      [
        `${schema}.parked_messages`,
        [
          `insert into ${schema}.parked_messages values ('c', 't', 'k', 0, 0, gen_random_uuid(), '', ${LONG_AGO})`,
        ],
      ],
    ]),
  ),
  // Nothing is consumed in this context.
  'risk.inbox': [`insert into risk.inbox values ('c', 's', 'i', false, ${LONG_AGO})`],
};

function task(id: string, body: string): string {
  return `insert into money_plus.tasks
      (task_id, event_id, biz_id, shopee_uid, kind, version, body, state, created_at, queued_at, finished_at)
    values (md5(${id})::uuid, gen_random_uuid(), 'B', ${id}, 'STATUS', 1, ${body}, 'DELIVERED', {at}, {at}, {at})`;
}

function review(id: string, at: string): string {
  return `insert into review.reviews (institution_id, biz_type, biz_id, kind, merchant_client_id, sub_client_id, status,
      sequence, content_hash, first_seen_at, received_at)
    values ('I', 'SM_KYC_REVIEW', ${id}, 'KYB', ${id}, 's', 'PASS', 1, '', ${at}, ${at})`;
}

function riskCase(flowNo: string, status: string, at: string): string {
  return `insert into risk.cases (flow_no, agent, status, merc_num, created_at, created_day, version, asked_at, changed_at)
    values (${flowNo}, 'A', '${status}', 'M', ${at}, (${at})::date, 1, now(), ${at})`;
}
