import { describeStack } from '../stack/stack-file.mjs';
import { createTokens, hashTokens } from '../stack/tokens.mjs';

const tokens = { viewer: 'v', operator: 'o', publisher: 'p' };

describe('describeStack', () => {
  it('says what runs where', () => {
    const replicas = [{ url: 'http://127.0.0.1:20010', process: { pid: 4010 } }];
    const stack = describeStack({
      infrastructure: {
        kafka: { address: ['127.0.0.1:20001'], process: { pid: 4001 } },
        postgres: { address: 'postgres://127.0.0.1:20002/kyc_relay', process: { pid: 4002 } },
      },
      tokens,
      registry: '/run/registry.json',
      services: new Map([['kyc-status-publisher', replicas]]),
      simulators: undefined,
    });
    expect(stack).toEqual({
      ready: true,
      kafka: { brokers: ['127.0.0.1:20001'], pid: 4001 },
      postgres: { url: 'postgres://127.0.0.1:20002/kyc_relay', pid: 4002 },
      tokens,
      registry: '/run/registry.json',
      services: { 'kyc-status-publisher': [{ url: 'http://127.0.0.1:20010', pid: 4010 }] },
    });
  });

  it('has no pid for servers that were there, and the simulators where they are', () => {
    const stack = describeStack({
      infrastructure: { kafka: { address: ['kafka:9092'] }, postgres: { address: 'postgres://there/relay' } },
      tokens,
      registry: '/run/registry.json',
      services: new Map(),
      simulators: { url: 'http://127.0.0.1:20011', process: { pid: 4011 } },
    });
    expect(stack).toMatchObject({
      kafka: { pid: null },
      postgres: { pid: null },
      simulators: { url: 'http://127.0.0.1:20011', pid: 4011 },
    });
  });
});

describe('tokens', () => {
  it('reach the services hashed, one for each role', () => {
    const sha256OfV = '4c94485e0c21ae6c41ce1dfe7b6bfaceea5ab68e40a2476f50208e526f506080';
    expect(hashTokens(tokens).api_tokens[0]).toEqual({ name: 'viewer', role: 'viewer', sha256: sha256OfV });
    expect(hashTokens(tokens).api_tokens.map(({ role }) => role)).toEqual([
      'viewer',
      'operator',
      'publisher',
    ]);
  });

  it('differ from run to run', () => {
    expect(createTokens()).not.toEqual(createTokens());
  });
});
