import type { Partners } from '../partners';
import type { Chapter, Line } from '../table';
import type { World } from '../world';

/** KYB and store notifications: taken once, repeated, forged, and the next steps of a review. */
export async function tellReviews(world: World, partners: Partners): Promise<Chapter> {
  const lines: Line[] = [];
  const bizId = world.user('review');
  const kyb = {
    bizId,
    bizType: 'SM_KYC_REVIEW',
    merchantClientId: world.user('ws'),
    subClientId: bizId,
    status: 'MODIFY',
    comment: '请重新提交',
    reviewDetail: {
      companyReviewResult: { status: 'FAILED', comment: '证件图片有无关水印' },
      personReviewResult: [{ status: 'FAILED', customerId: 749, customerType: 1, idCardNumber: '123123123' }],
    },
  };
  const store = {
    ...kyb,
    bizType: 'SM_STORE_REVIEW',
    accId: bizId,
    merchantAccId: 'MAC10003',
    status: 'PENDING',
  };
  const { reviewDetail: _detail, ...storeMessage } = store;
  lines.push(
    { what: 'KYB review, MODIFY', expected: '200 SUCCESS', seen: await partners.notify(kyb) },
    { what: 'the same again', expected: '200 SUCCESS', seen: await partners.notify(kyb) },
    { what: 'forged', expected: '401 FAIL', seen: await partners.notify(kyb, 'not the salt') },
    {
      what: 'next step, PENDING',
      expected: '200 SUCCESS',
      seen: await partners.notify({ ...kyb, status: 'PENDING' }),
    },
    { what: 'store review', expected: '200 SUCCESS', seen: await partners.notify(storeMessage) },
  );
  const { history } = await partners.review('SM_KYC_REVIEW', bizId);
  lines.push({
    what: 'steps of the KYB review',
    expected: '1 MODIFY, 2 PENDING',
    seen: history
      .map(({ sequence, status }) => `${sequence} ${status}`)
      .sort()
      .join(', '),
  });
  return { title: 'KYB and store reviews', lines };
}
