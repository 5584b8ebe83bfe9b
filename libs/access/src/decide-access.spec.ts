import { sha256Hex } from '@kyc-relay/crypto';
import { decideAccess } from './decide-access';
import type { Role } from './role';
import type { AccessToken } from './token-source';

const ROLES: Role[] = ['viewer', 'operator', 'publisher'];
const TOKENS: AccessToken[] = ROLES.map((role) => ({
  name: `${role} name`,
  role,
  sha256: sha256Hex(`${role}-token`),
}));

function decide(authorization: string | undefined, needed: Role = 'viewer', tokens = TOKENS): string {
  const verdict = decideAccess(tokens, authorization, needed);
  return verdict.ok ? verdict.actor : verdict.code;
}

describe('decideAccess', () => {
  it.each<[holds: Role, needed: Role, outcome: string]>([
    ['viewer', 'viewer', 'viewer name'],
    ['viewer', 'operator', 'access.forbidden'],
    ['viewer', 'publisher', 'access.forbidden'],
    ['operator', 'viewer', 'operator name'],
    ['operator', 'operator', 'operator name'],
    ['operator', 'publisher', 'access.forbidden'],
    ['publisher', 'viewer', 'access.forbidden'],
    ['publisher', 'operator', 'access.forbidden'],
    ['publisher', 'publisher', 'publisher name'],
  ])('a %s where a %s is needed: %s', (holds, needed, outcome) => {
    expect(decide(`Bearer ${holds}-token`, needed)).toBe(outcome);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'viewer-token',
    'Basic viewer-token',
    'Bearerviewer-token',
    'Bearer viewer-token ',
    'Bearer viewer-token, Bearer viewer-token',
    'Bearer Viewer-token',
    'Bearer viewer-toke',
    'Bearer viewer-token=',
    `Bearer ${sha256Hex('viewer-token')}`,
    'Bearer é',
    `Bearer ${'x'.repeat(100_000)}`,
    `${'Bearer '.repeat(1000)}viewer-token`,
  ])('does not know %j', (authorization) => {
    expect(decide(authorization)).toBe('access.unauthenticated');
  });

  it.each(['bearer viewer-token', 'BEARER viewer-token', 'Bearer   viewer-token'])(
    'takes %j',
    (authorization) => {
      expect(decide(authorization)).toBe('viewer name');
    },
  );

  it('knows nobody while there are no tokens', () => {
    expect(decide('Bearer viewer-token', 'viewer', [])).toBe('access.unauthenticated');
  });
});
