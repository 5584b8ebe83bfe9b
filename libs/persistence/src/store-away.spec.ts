import { isLostRace, isStoreAway, nameStoreError } from './store-away';

/** An error as the driver or TypeORM gives it. */
function failed(fields: { code?: string; message?: string; driverError?: unknown; cause?: unknown }): Error {
  return Object.assign(new Error(fields.message ?? 'failed'), fields);
}

describe('a store that is away', () => {
  test.each([
    ['08006', 'connection failure'],
    ['53300', 'too many connections'],
    ['57P01', 'an administrator ended the connection'],
    ['57P03', 'the server is starting up'],
    ['58030', 'the disk of the server fails'],
    ['25006', 'the primary became a replica'],
    ['57014', 'the statement was cut by its timeout'],
    ['ECONNREFUSED', 'nobody listens'],
    ['ECONNRESET', 'the peer is gone'],
    ['EAI_AGAIN', 'the name is not resolved now'],
  ])('%s: %s', (code) => {
    expect(isStoreAway(failed({ code }))).toBe(true);
    expect(isStoreAway(failed({ message: 'query failed', driverError: failed({ code }) }))).toBe(true);
    expect(isStoreAway(failed({ message: 'wrapped', cause: failed({ code }) }))).toBe(true);
  });

  test.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Query runner already released. Cannot run queries anymore.',
    'Driver not Connected',
    'Cannot execute operation because connection is not yet established.',
  ])('the drivers say it without a code: %s', (message) => {
    expect(isStoreAway(failed({ message }))).toBe(true);
  });
});

describe('a store that answers', () => {
  test.each(['23505', '22021', '22P02', '42P01', '40001', '28P01', '3D000', 'P0001'])(
    '%s is about the statement, not about reachability',
    (code) => {
      expect(isStoreAway(failed({ code }))).toBe(false);
    },
  );

  test.each([
    undefined,
    null,
    'text',
    7,
    new TypeError('x is not a function'),
    failed({ code: 'ERR_INVALID_ARG' }),
  ])('anything else is not about the store: %p', (error) => {
    expect(isStoreAway(error)).toBe(false);
    expect(isLostRace(error)).toBe(false);
  });

  test('a cause that leads back to itself ends the search', () => {
    const error = failed({});
    Object.assign(error, { cause: error });
    expect(isStoreAway(error)).toBe(false);
  });
});

test.each(['40001', '40P01', '55P03'])('%s is a lost race, to be run again, not an absent store', (code) => {
  expect(isLostRace(failed({ driverError: failed({ code }) }))).toBe(true);
  expect(isStoreAway(failed({ code }))).toBe(false);
});

test('the name of an error is its code, never its message', () => {
  expect(nameStoreError(failed({ message: 'secret', driverError: failed({ code: '23505' }) }))).toBe('23505');
  expect(nameStoreError(new TypeError('secret'))).toBe('TypeError');
  expect(nameStoreError('secret')).toBe('unknown');
});
