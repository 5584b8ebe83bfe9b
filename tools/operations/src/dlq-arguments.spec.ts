import { parseDlqCommand } from './dlq-arguments';

describe('parseDlqCommand', () => {
  it('reads a filter and takes the name of the DLQ for that of its topic', () => {
    expect(
      parseDlqCommand([
        'replay',
        '--topic',
        'a.v1.dlq',
        '--code',
        'kyc.not-approved',
        '--key',
        'u1',
        '--dry-run',
      ]),
    ).toEqual({
      verb: 'replay',
      topic: 'a.v1',
      code: 'kyc.not-approved',
      key: 'u1',
      dryRun: true,
      reason: undefined,
    });
  });

  it('takes who acts for the audit', () => {
    expect(
      parseDlqCommand(['release', '--topic', 'a.v1', '--reason', 'mended', '--actor', 'ann']),
    ).toMatchObject({ verb: 'release', reason: 'mended', actor: 'ann' });
  });

  it.each([
    [[]],
    [['replay']],
    [['remove', '--topic', 'a.v1']],
    [['release', '--topic', 'a.v1']],
    [['drop', '--topic', 'a.v1', '--reason', ' ']],
    [['drop', '--topic', 'a.v1', '--reason', 'r', '--actor', ' ']],
    [['list', '--topic', 'a.v1', '--all']],
  ])('refuses %j', (args) => {
    expect(() => parseDlqCommand(args)).toThrow();
  });
});
