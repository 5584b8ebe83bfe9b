import { useCleanup } from '@kyc-relay/testing';
import { ServiceBed } from '../testbed/service-bed';
import { OPENAPI } from './document';

const cleanup = useCleanup();
let bed: ServiceBed;

beforeAll(async () => {
  bed = await ServiceBed.start(cleanup);
});

describe('the document of the API', () => {
  it('has every route, and no other', async () => {
    const server = bed.service.app.getHttpAdapter().getInstance();
    const documented = Object.entries(OPENAPI.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    for (const route of documented) {
      const [method = '', url = ''] = route.split(' ');
      expect([route, server.hasRoute({ method, url })]).toEqual([route, true]);
    }
    expect(documented.filter((route) => route.includes('/v1')).sort()).toEqual([
      'GET /v1/risk-cases/:flowNo/history',
      'GET /v1/sync-runs',
      'POST /v1/notify/risk-cases',
      'POST /v1/risk-cases/query',
      'POST /v1/sync-runs',
    ]);
    const served = await server.inject({ method: 'GET', url: '/openapi.json' });
    expect(served.json()).toEqual(JSON.parse(JSON.stringify(OPENAPI)));
  });

  it('tells of runs what is answered, field for field', async () => {
    const list = OPENAPI.paths['/v1/sync-runs']?.get?.responses['200']?.content?.['application/json'];
    const { items } = list?.example as { items: object[] };
    await bed.operate('POST', '/v1/sync-runs', {
      body: { reason: 'for its fields', firstLevelAgentNum: 'FW1000251' },
    });
    const { body } = await bed.operate('GET', '/v1/sync-runs');
    const [run] = body['items'] as object[];
    expect(Object.keys(run ?? {}).sort()).toEqual(Object.keys(items[0] ?? {}).sort());
  });
});
