import { useCleanup } from '@kyc-relay/testing';
import { PayeeBed } from '../testbed/payee-bed';
import { OPENAPI } from './document';

const cleanup = useCleanup();
let bed: PayeeBed;

beforeAll(async () => {
  bed = await PayeeBed.start(cleanup);
});

describe('the document of the API', () => {
  it('has every route, and no other', () => {
    const server = bed.app.getHttpAdapter().getInstance();
    const documented = Object.entries(OPENAPI.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    for (const route of documented) {
      const [method = '', url = ''] = route.split(' ');
      expect([route, server.hasRoute({ method, url })]).toEqual([route, true]);
    }
    const own = documented.filter((route) => route.includes('/v'));
    expect(own.sort()).toEqual([
      'GET /v1/payees',
      'GET /v1/payees/:customerNo/history',
      'POST /v1/payees/:customerNo/status',
      'POST /v3/payee/delete',
      'POST /v3/payee/register',
      'POST /v3/payee/retrieve',
      'POST /v3/payee/update',
    ]);
  });

  it('has an example of a registration that is taken as it stands', async () => {
    const content = OPENAPI.paths['/v3/payee/register']?.post?.requestBody?.content['application/json'];
    const answer = await bed.post('register', JSON.stringify(content?.example));
    expect(answer).toMatchObject({ status: 200, ret_code: '000100' });
  });

  it('tells what register answers, field for field', async () => {
    const content =
      OPENAPI.paths['/v3/payee/retrieve']?.post?.responses['200']?.content?.['application/json'];
    const example = (content?.example as { customer: object }).customer;
    const seen = await bed.call('retrieve', { email: '1667198337@grigora.io' });
    expect(Object.keys(seen.customer ?? {})).toEqual(Object.keys(example));
  });
});
