import { readNotification, type Message } from './read-notification';

/** The source's example of a KYB review, as it is printed. */
const KYB: Message = {
  bizId: 'SM2022071120365810274',
  bizType: 'SM_KYC_REVIEW',
  comment: '请重新提交',
  institutionId: '2022070222130610237',
  merchantClientId: 'ws0002',
  reviewDetail: {
    additionalInfo: {
      comment: '需要传附件',
      needAdditionalInfos: ['银行开户许可证或银行流水', '股权架构申请', '拒付能力证明'],
      status: 'FAILED',
    },
    companyReviewResult: { comment: '证件图片有无关水印', status: 'FAILED' },
    personReviewResult: [
      {
        comment: '申请人未成年',
        customerId: 778,
        customerType: 2,
        idCardNumber: '123123123213',
        status: 'FAILED',
      },
    ],
  },
  status: 'MODIFY',
  subClientId: 'SM2022071120365810274',
};

/** The source's example of a store review. */
const STORE: Message = {
  accId: '2022070222130610237524',
  bizId: '2022070222130610237524',
  bizType: 'SM_STORE_REVIEW',
  institutionId: '2022070222130610237',
  comment: '上传身份证件为无关图片',
  merchantAccId: 'MAC10003',
  merchantClientId: 'ws0002',
  sign: '90A2F1E468B9E7873CF799954FC0F271',
  signType: 'MD5',
  status: 'PENDING',
  subClientId: 'SM2022071120365810274',
};

const PERSON = { customerId: 1, customerType: 1, idCardNumber: '123123123', status: 'PASS' };

function withPerson(person: object): Message {
  return { ...KYB, reviewDetail: { personReviewResult: [person] } };
}

function personOf(message: Message): unknown {
  const read = readNotification(message);
  return read.ok ? read.notification.detail?.persons[0] : read.errors;
}

describe('the source’s examples', () => {
  it('of a KYB review is read whole', () => {
    expect(readNotification(KYB)).toEqual({
      ok: true,
      notification: {
        kind: 'KYB',
        bizType: 'SM_KYC_REVIEW',
        bizId: 'SM2022071120365810274',
        institutionId: '2022070222130610237',
        merchantClientId: 'ws0002',
        subClientId: 'SM2022071120365810274',
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
      },
    });
  });

  it('of a store review is read whole', () => {
    const { sign: _, signType: __, ...fields } = STORE;
    expect(readNotification(STORE)).toEqual({ ok: true, notification: { kind: 'STORE', ...fields } });
  });
});

describe('variants that are taken', () => {
  it.each<[what: string, person: object, type: number]>([
    ['customerType, as the example spells it', PERSON, 1],
    ['customerTye, as the table spells it', { ...PERSON, customerType: undefined, customerTye: 2 }, 2],
    ['both, of which the right spelling counts', { ...PERSON, customerTye: 2 }, 1],
    ['a null in the right spelling', { ...PERSON, customerType: null, customerTye: 3 }, 3],
    ['a type that is not known here', { ...PERSON, customerType: 4 }, 4],
  ])('a person with %s', (_, person, customerType) => {
    expect(personOf(withPerson(JSON.parse(JSON.stringify(person)) as object))).toMatchObject({
      customerType,
    });
  });

  it('PASSED is PASS, at the top and in every detail; other words stay', () => {
    const detail = {
      companyReviewResult: { status: 'PASSED' },
      personReviewResult: [{ ...PERSON, status: 'PASSED' }],
      additionalInfo: { status: 'PASSED' },
    };
    expect(readNotification({ ...KYB, status: 'PASSED', reviewDetail: detail })).toMatchObject({
      notification: {
        status: 'PASS',
        detail: {
          company: { status: 'PASS' },
          persons: [{ status: 'PASS' }],
          additionalInfo: { status: 'PASS' },
        },
      },
    });
    for (const status of ['PENDING', 'FAILED', 'SUSPENDED', 'passed', '', '冻结'])
      expect(readNotification({ ...KYB, status })).toMatchObject({ notification: { status } });
  });

  it.each<[what: string, change: object]>([
    ['a comment longer than the table says', { comment: 'x'.repeat(1024) }],
    ['a comment of 1 KiB in UTF-8', { comment: '审'.repeat(341) }],
    ['an empty comment', { comment: '' }],
    ['no detail', { reviewDetail: undefined }],
    ['a null detail', { reviewDetail: null }],
    ['an empty detail', { reviewDetail: {} }],
    [
      'null parts',
      { reviewDetail: { companyReviewResult: null, personReviewResult: null, additionalInfo: null } },
    ],
    [
      'parts without a comment',
      {
        reviewDetail: {
          companyReviewResult: { status: 'PASS' },
          additionalInfo: { status: 'PASS', comment: null },
        },
      },
    ],
    [
      'unknown fields, nested ones too',
      {
        more: { deep: [1] },
        reviewDetail: { newPart: {}, companyReviewResult: { status: 'PASS', by: 'x' } },
      },
    ],
    ['an id of 32 characters', { bizId: 'b'.repeat(32) }],
  ])('%s', (_, change) => {
    expect(readNotification({ ...KYB, ...change })).toMatchObject({ ok: true });
  });

  it('white space around ids is not part of them, as the signature has it', () => {
    expect(
      readNotification({ ...STORE, bizId: ' b ', bizType: 'SM_STORE_REVIEW ', accId: '\ta' }),
    ).toMatchObject({
      notification: { bizId: 'b', bizType: 'SM_STORE_REVIEW', accId: 'a' },
    });
  });
});

describe('messages that are refused by the name of the field', () => {
  const base = ['bizId', 'bizType', 'institutionId', 'comment', 'merchantClientId', 'status', 'subClientId'];
  const ofStores = [...base, 'accId', 'merchantAccId'];

  it.each(ofStores)('%s missing, null, of another type', (field) => {
    for (const value of [undefined, null, 1, true, [], {}, ['x']])
      expect(readNotification({ ...STORE, [field]: value })).toMatchObject({
        ok: false,
        errors: [{ field }],
      });
  });

  it.each(ofStores.filter((field) => field !== 'comment' && field !== 'status'))(
    '%s blank or over its length',
    (field) => {
      for (const value of ['', '  ', 'x'.repeat(33), '审'.repeat(33)])
        expect(readNotification({ ...STORE, [field]: value })).toMatchObject({
          ok: false,
          errors: [{ field }],
        });
    },
  );

  it.each<[field: string, message: Message]>([
    ['bizType', { ...KYB, bizType: 'SM_OTHER_REVIEW' }],
    ['bizType', { ...KYB, bizType: 'sm_kyc_review' }],
    ['comment', { ...KYB, comment: 'x'.repeat(1025) }],
    ['comment', { ...KYB, comment: '审'.repeat(342) }],
    ['comment', { ...KYB, comment: 'a\0b' }],
    ['status', { ...KYB, status: '\ud800' }],
    ['more', { ...KYB, more: ['\0'] }],
    ['reviewDetail', { ...KYB, reviewDetail: 'x' }],
    ['reviewDetail', { ...KYB, reviewDetail: [] }],
    ['reviewDetail.companyReviewResult', { ...KYB, reviewDetail: { companyReviewResult: [] } }],
    ['reviewDetail.companyReviewResult.status', { ...KYB, reviewDetail: { companyReviewResult: {} } }],
    [
      'reviewDetail.additionalInfo.needAdditionalInfos',
      { ...KYB, reviewDetail: { additionalInfo: { status: 'PASS', needAdditionalInfos: 'x' } } },
    ],
    [
      'reviewDetail.additionalInfo.needAdditionalInfos[1]',
      { ...KYB, reviewDetail: { additionalInfo: { status: 'PASS', needAdditionalInfos: ['x', 1] } } },
    ],
    ['reviewDetail.personReviewResult', { ...KYB, reviewDetail: { personReviewResult: {} } }],
    ['reviewDetail.personReviewResult[0]', { ...KYB, reviewDetail: { personReviewResult: [null] } }],
    ['reviewDetail.personReviewResult[0].customerId', withPerson({ ...PERSON, customerId: '1' })],
    ['reviewDetail.personReviewResult[0].customerId', withPerson({ ...PERSON, customerId: 1.5 })],
    ['reviewDetail.personReviewResult[0].customerId', withPerson({ ...PERSON, customerId: 100_000_000_000 })],
    ['reviewDetail.personReviewResult[0].idCardNumber', withPerson({ ...PERSON, idCardNumber: 123 })],
    ['reviewDetail.personReviewResult[0].customerType', withPerson({ ...PERSON, customerType: undefined })],
    ['reviewDetail.personReviewResult[0].customerType', withPerson({ ...PERSON, customerType: '1' })],
    [
      'reviewDetail.personReviewResult[0].customerTye',
      withPerson({ ...PERSON, customerType: undefined, customerTye: '1' }),
    ],
    ['reviewDetail.personReviewResult[0].status', withPerson({ ...PERSON, status: null })],
  ])('%s', (field, message) => {
    expect(readNotification(message)).toMatchObject({ ok: false, errors: [{ field }] });
  });

  it('all of them at once, without a value', () => {
    const read = readNotification({ bizType: 'OTHER', comment: 5 });
    expect(read.ok ? [] : read.errors.map(({ field }) => field)).toEqual([
      'bizType',
      'bizId',
      'institutionId',
      'merchantClientId',
      'subClientId',
      'status',
      'comment',
    ]);
    expect(JSON.stringify(read)).not.toContain('OTHER');
  });
});
