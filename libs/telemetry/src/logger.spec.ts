import { createLogger } from './logger';

function logged(line: object): Record<string, unknown> {
  let text = '';
  const logger = createLogger('test', 'info', {
    write: (written) => {
      text += written;
    },
  });
  logger.info(line, 'said');
  return JSON.parse(text) as Record<string, unknown>;
}

describe('a log line', () => {
  it('says what it is told, with time, level and service', () => {
    expect(logged({ bizId: 'b', nested: { id: 1 } })).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      service: 'test',
      bizId: 'b',
      nested: { id: 1 },
      msg: 'said',
    });
  });

  it('holds no value of a key that is personal or secret, at the top and one level below', () => {
    const line = { phone: '+60', sign: 'S', token: null, request: { body: { deep: 1 }, id: 7 }, list: ['x'] };
    expect(logged(line)).toMatchObject({
      phone: '[redacted]',
      sign: '[redacted]',
      token: '[redacted]',
      request: { body: '[redacted]', id: 7 },
      list: ['x'],
    });
    expect(line).toMatchObject({ phone: '+60', request: { body: { deep: 1 } } });
  });

  it('says of an error its class and code, and nothing of its message', () => {
    const error = Object.assign(new TypeError('110101199003074493'), { code: 'X1', body: 'secret' });
    const line = logged({ err: error });
    expect(line['err']).toMatchObject({ type: 'TypeError', code: 'X1' });
    expect(JSON.stringify(line)).not.toMatch(/110101199003074493|secret/);
  });
});
