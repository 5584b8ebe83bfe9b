import { formatTraceparent, parseTraceparent, readTraceparent } from './trace-context';

describe('a traceparent', () => {
  const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  test('is taken as it is', () => {
    expect(readTraceparent(good)).toBe(good);
  });

  test.each([
    ['01', true],
    ['00', false],
    ['03', true],
    ['02', false],
  ])('with flags %s says whether its caller records: %p', (flags, isSampled) => {
    const context = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', isSampled };
    expect(parseTraceparent(good.replace(/01$/, flags))).toEqual(context);
    expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
  });

  test.each<unknown>([
    undefined,
    '',
    ` ${good}`,
    `${good}\n`,
    `${good}-more`,
    good.toUpperCase(),
    [good],
    'phone +60123456789',
    '0'.repeat(1_000_000),
    good.replace('0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
    good.replace('b7ad6b7169203331', '0'.repeat(16)),
    good.replace('00-', 'ff-'),
  ])('that is none is dropped: %#', (header) => {
    expect(readTraceparent(header)).toBeUndefined();
    if (typeof header === 'string') expect(parseTraceparent(header)).toBeUndefined();
  });
});
