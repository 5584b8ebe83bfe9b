import { maskingOf, maskMessage } from './identity-numbers';

describe('a number that a text quotes', () => {
  it.each<[numbers: string[], text: string, masked: string]>([
    [['110101199003074493'], '证件号 110101199003074493 不匹配', '证件号 **************4493 不匹配'],
    [
      ['110101199003074493'],
      '110101199003074493,110101199003074493',
      '**************4493,**************4493',
    ],
    [['123456', '123456789'], '123456789 and 123456', '*****6789 and ******'],
    [['12345'], 'room 12345', 'room 12345'],
    [[''], 'nothing', 'nothing'],
    [[], 'nothing', 'nothing'],
    [['123.456'], '123x456', '123x456'],
  ])('%j in %j', (numbers, text, masked) => {
    expect(maskingOf(numbers)(text)).toBe(masked);
  });
});

describe('a message as operators see it', () => {
  it('has no signature and no identity number, all else as it came', () => {
    const message = {
      bizId: 'b',
      sign: '90A2',
      signType: 'MD5',
      comment: '号 110101199003074493',
      more: {
        idCardNo: 123456789,
        nested: [{ ID_CARD_NUMBER: '987654321' }, '987654321'],
        idCard: { front: 'x.png' },
      },
      reviewDetail: {
        personReviewResult: [
          { customerTye: 1, idCardNumber: '110101199003074493', comment: null, extra: true },
        ],
      },
    };
    expect(maskMessage(message)).toEqual({
      bizId: 'b',
      signType: 'MD5',
      comment: '号 **************4493',
      more: {
        idCardNo: '*****6789',
        nested: [{ ID_CARD_NUMBER: '*****4321' }, '*****4321'],
        idCard: { front: 'x.png' },
      },
      reviewDetail: {
        personReviewResult: [
          { customerTye: 1, idCardNumber: '**************4493', comment: null, extra: true },
        ],
      },
    });
    expect(message.sign).toBe('90A2');
  });
});
