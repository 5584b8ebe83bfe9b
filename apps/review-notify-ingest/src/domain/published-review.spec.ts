import { goldenMessage, REVIEW_DECIDED, ReviewDecidedDto, validateDto } from '@kyc-relay/contracts';
import type { Notification } from './notification';
import { publishedReview, type StepFacts } from './published-review';

const KYB: Notification = {
  kind: 'KYB',
  bizType: 'SM_KYC_REVIEW',
  bizId: 'SM2022071120365810274',
  institutionId: '2022070222130610237',
  subClientId: 'SM2022071120365810274',
  merchantClientId: '2000305228294092293550',
  status: 'MODIFY',
  comment: '请重新提交',
  detail: {
    company: { status: 'FAILED', comment: '证件图片有无关水印' },
    persons: [
      {
        status: 'FAILED',
        comment: '申请人未成年',
        customerId: 778,
        customerType: 2,
        idCardNumber: '123123123213',
      },
    ],
    additionalInfo: {
      status: 'FAILED',
      comment: '需要传附件',
      needAdditionalInfos: ['银行开户许可证或银行流水', '股权架构申请', '拒付能力证明'],
    },
  },
};

const STORE: Notification = {
  kind: 'STORE',
  bizType: 'SM_STORE_REVIEW',
  bizId: '2022070222130610237524',
  institutionId: '2022070222130610237',
  subClientId: 'SM2022071120365810274',
  merchantClientId: 'ws0002',
  accId: '2022070222130610237524',
  merchantAccId: 'MAC10003',
  status: 'PENDING',
  comment: '上传身份证件为无关图片',
};

const STEP: StepFacts = {
  eventId: '01841259-6ef8-7000-8000-000000000031',
  sequence: 2,
  firstSeenAt: new Date('2022-10-25T01:12:00Z'),
  receivedAt: new Date('2022-10-26T07:03:20Z'),
};

describe('review.decided', () => {
  it('is the golden message', () => {
    expect(publishedReview(KYB, STEP)).toEqual(goldenMessage(REVIEW_DECIDED).value);
  });

  it('of a store names the store and has nothing to hand in again', () => {
    const value = publishedReview(STORE, STEP);
    expect(value).toEqual({
      event_id: STEP.eventId,
      ...STORE,
      sequence: 2,
      first_seen_at: '2022-10-25T01:12:00.000Z',
      received_at: '2022-10-26T07:03:20.000Z',
    });
    expect(validateDto(ReviewDecidedDto, JSON.parse(JSON.stringify(value)))).toMatchObject({ ok: true });
  });

  it('has a resubmission whenever there is a detail, with the parts that were told', () => {
    const { detail: _, ...plain } = KYB;
    expect(publishedReview(plain, STEP)).not.toHaveProperty('resubmission');
    expect(publishedReview({ ...plain, detail: { persons: [] } }, STEP).resubmission).toEqual({
      persons: [],
    });
  });

  it('masks identity numbers, also where a comment quotes one', () => {
    const number = '110101199003074493';
    const person = {
      status: 'FAILED',
      comment: `${number}?`,
      customerId: 1,
      customerType: 1,
      idCardNumber: number,
    };
    const value = publishedReview(
      {
        ...KYB,
        comment: number,
        detail: {
          company: { status: 'FAILED', comment: number },
          persons: [person],
          additionalInfo: { status: 'FAILED', comment: number, needAdditionalInfos: [`scan of ${number}`] },
        },
      },
      STEP,
    );
    expect(JSON.stringify(value)).not.toContain(number);
    expect(JSON.stringify(value).match(/\*{14}4493/g)).toHaveLength(6);
  });
});
