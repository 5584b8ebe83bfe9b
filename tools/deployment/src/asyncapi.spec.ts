import { Parser } from '@asyncapi/parser';
import { GOLDEN_NAMES, goldenMessage, TOPIC_DECLARATIONS } from '@kyc-relay/contracts';
import { Ajv2020 } from 'ajv/dist/2020';
import { parse } from 'yaml';
import { writeAsyncApi } from './asyncapi';
import { readText } from './repository';
import { SERVICES } from './services';

interface Message {
  name: string;
  payload?: object;
  examples?: { payload: unknown }[];
}

interface Document {
  asyncapi: string;
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  operations: Record<string, { action: string; channel: { $ref: string } }>;
  components: { schemas: Record<string, object>; messages: Record<string, Message> };
}

const text = readText('asyncapi.yaml');
const document = parse(text) as Document;

describe('asyncapi.yaml', () => {
  it('is what the contracts say; write it anew with npm run asyncapi', () => {
    expect(document).toEqual(parse(writeAsyncApi()));
  });

  it('is AsyncAPI 3.0 that a parser takes without an error or a warning', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(text);
    const told = diagnostics.filter(({ severity }) => ['0', '1'].includes(String(severity)));
    expect(told.map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual([]);
    expect(parsed?.version()).toBe('3.0.0');
  });

  it('has every topic, and no other', () => {
    const addresses = Object.values(document.channels).map(({ address }) => address);
    expect(addresses.sort()).toEqual(TOPIC_DECLARATIONS.map(({ name }) => name).sort());
  });

  it.each(GOLDEN_NAMES)('has %s on its topic, and the golden message fits it', (name) => {
    const golden = goldenMessage(name);
    const [id, message] =
      Object.entries(document.components.messages).find(([, one]) => one.name === name) ?? [];
    const channel = Object.values(document.channels).find(({ address }) => address === golden.topic);
    // Not toHaveProperty: it would take the dots of the name for a path.
    expect(Object.keys(channel?.messages ?? {})).toContain(id);

    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const headers = ajv.compile({ ...document.components.schemas['CloudEventHeaders'] });
    expect([headers(golden.headers), headers.errors]).toEqual([true, null]);
    const payload = ajv.compile({ ...message?.payload });
    expect([payload(golden.value), payload.errors]).toEqual([true, null]);
    expect(payload({ ...golden.value, [Object.keys(golden.value)[0] ?? '']: [] })).toBe(false);
  });

  it('says of each service what it reads, as its subscriptions do', () => {
    for (const { description } of SERVICES) {
      const read = Object.entries(document.operations)
        .filter(([id, { action }]) => id.startsWith(`${description.name}.`) && action === 'receive')
        .map(([, { channel }]) => document.channels[channel.$ref.replace('#/channels/', '')]?.address);
      expect([description.name, read.sort()]).toEqual([description.name, [...description.topics].sort()]);
    }
  });
});
