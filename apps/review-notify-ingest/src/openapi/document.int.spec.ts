import { useCleanup } from '@kyc-relay/testing';
import { ReviewBed } from '../testbed/review-bed';
import { OPENAPI } from './document';

const cleanup = useCleanup();
let bed: ReviewBed;

beforeAll(async () => {
  bed = await ReviewBed.start(cleanup);
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
    expect(documented.filter((route) => route.includes('/v')).sort()).toEqual([
      'GET /v1/reviews',
      'GET /v1/reviews/:bizType/:bizId',
      'POST /v1/notify/reviews',
    ]);
  });

  it('has an example of a notification that is taken as it stands, and tells what operators are answered', async () => {
    const content = OPENAPI.paths['/v1/notify/reviews']?.post?.requestBody?.content['application/json'];
    const taken = await bed.post(JSON.stringify(content?.examples?.['kyb']?.value));
    expect([taken.status, taken.body]).toEqual([200, 'SUCCESS']);

    const example = OPENAPI.paths['/v1/reviews/{bizType}/{bizId}']?.get?.responses['200']?.content?.[
      'application/json'
    ]?.example as Record<string, unknown> & { history: object[] };
    const { body } = await bed.ask('/v1/reviews/SM_KYC_REVIEW/SM2022071120365810274');
    expect(Object.keys(body).sort()).toEqual(Object.keys(example).sort());
    expect(Object.keys(body.history[0] ?? {})).toEqual(Object.keys(example.history[0] ?? {}));
  });

  it('is served', async () => {
    const response = await fetch(`${bed.url}/openapi.json`);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(OPENAPI)));
  });
});
