import { kybReview, storeReview } from '@kyc-relay/simulators';
import type { Partners } from '../partners';
import type { Chapter } from '../table';
import type { World } from '../world';

/** KYB and store notifications of the documentation: taken once, repeated, forged, and the next steps of a review. */
export async function tellReviews(world: World, partners: Partners): Promise<Chapter> {
  const bizId = world.user('review');
  const ids = { bizId, subClientId: bizId, merchantClientId: world.user('ws') };
  const kyb = kybReview(ids);
  const taken = '200 SUCCESS';
  const lines = [
    { what: 'KYB review, MODIFY, and the same again', seen: await partners.notify(kyb, { duplicates: 1 }) },
    { what: 'next step, PENDING', seen: await partners.notify({ ...kyb, status: 'PENDING' }) },
    { what: 'the first step again, late', seen: await partners.notify(kyb) },
    {
      what: 'a store review, thirty copies at once',
      seen: await partners.notify(storeReview(ids), { copies: 30 }),
    },
  ].map((line) => ({ ...line, expected: taken }));
  const refused = [
    {
      what: 'forged with another salt',
      seen: await partners.notify(kyb, { forge: 'salt' }),
      expected: '401 FAIL',
    },
    {
      what: 'without a signature',
      seen: await partners.notify(kyb, { forge: 'unsigned' }),
      expected: '401 FAIL',
    },
    {
      what: 'about another client than before',
      seen: await partners.notify({ ...kyb, merchantClientId: 'another' }),
      expected: '400 FAIL',
    },
  ];
  const steps = [
    {
      what: 'steps of the KYB review',
      seen: await stepsOf(partners, 'SM_KYC_REVIEW', bizId),
      expected: '1 MODIFY, 2 PENDING',
    },
    {
      what: 'steps of the store review',
      seen: await stepsOf(partners, 'SM_STORE_REVIEW', bizId),
      expected: '1 PENDING',
    },
  ];
  return { title: 'KYB and store reviews', lines: [...lines, ...refused, ...steps] };
}

async function stepsOf(partners: Partners, bizType: string, bizId: string): Promise<string> {
  const { history } = await partners.review(bizType, bizId);
  return history.map(({ sequence, status }) => `${sequence} ${status}`).join(', ');
}
