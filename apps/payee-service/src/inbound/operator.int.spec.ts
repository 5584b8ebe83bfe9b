import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { individual } from '../testbed/people';

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

interface Item {
  customerNo: string;
  [field: string]: unknown;
}

/** All pages of a list, walked through. */
async function walk(query: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; ;) {
    const { status, body } = await bed.operate('GET', `?limit=2${query}${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    items.push(...(body['items'] as Item[]));
    if (body['next_cursor'] === null) return items;
    cursor = body['next_cursor'] as string;
  }
}

describe('the operators', () => {
  it('are asked for a token with the right role', async () => {
    const path = `/${'9'.repeat(22)}/status`;
    const anonymous = await bed.app.inject({ method: 'GET', url: '/v1/payees' });
    expect(anonymous.statusCode).toBe(401);
    expect((await bed.operate('GET', '', { role: 'publisher' })).status).toBe(403);
    expect((await bed.operate('POST', path, { role: 'viewer' })).status).toBe(403);
    expect((await bed.operate('GET', '', { role: 'operator' })).status).toBe(200);
  });

  it('see payees page by page, by status and merchant, masked', async () => {
    const numbers = [];
    for (const number of [1, 2, 3, 4, 5]) numbers.push(await bed.register(individual(number)));
    await bed.call('delete', { customerNo: numbers[4] ?? '' });
    await bed.operate('POST', `/${numbers[1] ?? ''}/status`, { body: { status: 'Pending', reason: 'test' } });

    expect((await walk('')).map(({ customerNo }) => customerNo)).toEqual(numbers.slice(0, 4).sort());
    expect((await walk('&merchantNo=202333')).length).toBe(4);
    expect((await walk('&merchantNo=202334')).length).toBe(0);
    expect((await walk('&status=Pending&merchantNo=202333')).map(({ customerNo }) => customerNo)).toEqual([
      numbers[1],
    ]);
    expect((await walk('&status=Unverified')).length).toBe(3);
    expect((await walk('&status=&merchantNo=')).length).toBe(4);
    const [first] = await walk('');
    expect(first).toMatchObject({
      merchantNo: '202333',
      storeNo: '301854',
      payeeStatus: 'Unverified',
      version: 1,
      governmentId: '**************4493',
      governmentIdType: 'ID_CARD',
      lastName: '*',
      email: '***************a.io',
      countryCode: 'CN',
      lang: 'zh_CN',
    });
    expect(JSON.stringify(await walk(''))).not.toMatch(/110101|grigora|长城/);
  });
});

describe('a move of an operator', () => {
  it('is done, told, audited and remembered', async () => {
    const customerNo = await bed.register(individual(10));
    const answer = await bed.operate('POST', `/${customerNo}/status`, {
      body: { status: 'Pending', reason: '  the papers came  ' },
    });
    expect(answer).toMatchObject({ status: 200, body: { customerNo, payeeStatus: 'Pending', version: 2 } });
    expect((await bed.call('retrieve', { customerNo })).customer).toMatchObject({ payeeStatus: 'Pending' });
    expect((await bed.published(customerNo)).at(-1)).toMatchObject({
      change: 'STATUS_CHANGED',
      payeeStatus: 'Pending',
      version: 2,
      changedFields: [],
    });
    expect(
      await bed.database.query(
        'select actor, action, reason, details from payee.audit_log where target = $1',
        [customerNo],
      ),
    ).toEqual([
      {
        actor: 'operator of the tests',
        action: 'payee.change-status',
        reason: 'the papers came',
        details: { from: 'Unverified', to: 'Pending' },
      },
    ]);
    const { body } = await bed.operate('GET', `/${customerNo}/history`);
    expect(body).toMatchObject({
      customerNo,
      next_cursor: null,
      items: [
        { type: 'REGISTERED', version: 1, source: 'PARTNER', by: '301854' },
        {
          type: 'STATUS_CHANGED',
          version: 2,
          payeeStatus: 'Pending',
          source: 'OPERATOR',
          by: 'operator of the tests',
          reason: 'the papers came',
          changes: [],
        },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/110101|grigora|长城/);
  });

  it('that is impossible is 409, audited nowhere', async () => {
    const customerNo = await bed.register(individual(11));
    const answer = await bed.operate('POST', `/${customerNo}/status`, {
      body: { status: 'Activated', reason: 'x' },
    });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        type: 'urn:kyc-relay:problem:payee.impossible-move',
        detail: 'a payee cannot move from Unverified to Activated',
      },
    });
    expect(await bed.database.query('select from payee.audit_log where target = $1', [customerNo])).toEqual(
      [],
    );
  });

  it.each([
    [{}, ['status', 'reason']],
    [{ status: 'Pending' }, ['reason']],
    [{ status: 'Pending', reason: '  ' }, ['reason']],
    [{ status: 'pending', reason: 'x' }, ['status']],
    [{ status: 'Pending', reason: 'x', force: true }, ['force']],
    [[], ['body']],
  ])('with the body %j is 400', async (body, fields) => {
    const customerNo = (await walk(''))[0]?.customerNo ?? '';
    const answer = await bed.operate('POST', `/${customerNo}/status`, { body });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as { field: string }[]).map(({ field }) => field)).toEqual(fields);
  });

  it('of a payee that is unknown or deleted is 404; the history of a deleted one stays, without values', async () => {
    const move = { body: { status: 'Pending', reason: 'x' } };
    expect((await bed.operate('POST', `/${'9'.repeat(22)}/status`, move)).status).toBe(404);
    expect((await bed.operate('GET', `/${'9'.repeat(22)}/history`)).status).toBe(404);
    const customerNo = await bed.register(individual(12));
    await bed.call('delete', { customerNo });
    expect((await bed.operate('POST', `/${customerNo}/status`, move)).status).toBe(404);
    const { status, body } = await bed.operate('GET', `/${customerNo}/history`);
    expect(status).toBe(200);
    const items = body['items'] as { type: string; changes: object[] }[];
    expect(items.map(({ type }) => type)).toEqual(['REGISTERED', 'DELETED']);
    expect(items[0]?.changes[0]).toEqual({ field: 'customerCode' });
  });

  it('pages through a long history', async () => {
    const customerNo = await bed.register(individual(13));
    for (const street of ['a', 'b', 'c']) await bed.call('update', { customerNo, street });
    const versions: unknown[] = [];
    for (let cursor: unknown = undefined; cursor !== null;) {
      const query = `?limit=2${typeof cursor === 'string' ? `&cursor=${cursor}` : ''}`;
      const { body } = await bed.operate('GET', `/${customerNo}/history${query}`);
      versions.push(...(body['items'] as { version: number }[]).map(({ version }) => version));
      cursor = body['next_cursor'];
    }
    expect(versions).toEqual([1, 2, 3, 4]);
  });
});
