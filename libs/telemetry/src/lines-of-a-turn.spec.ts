import { spawnSync } from 'node:child_process';
import { createLogger } from './logger';
import { LinesOfATurn } from './lines-of-a-turn';

test('lines of one turn are one write, in their order', async () => {
  const writes: string[] = [];
  const lines = new LinesOfATurn({ write: (text) => writes.push(text) });
  lines.write('a\n');
  lines.write('b\n');
  expect(writes).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(writes).toEqual(['a\nb\n']);
  lines.write('c\n');
  await new Promise((resolve) => setImmediate(resolve));
  expect(writes).toEqual(['a\nb\n', 'c\n']);
});

test('a fatal line is out at once', () => {
  const writes: string[] = [];
  const logger = createLogger('test', 'info', new LinesOfATurn({ write: (text) => writes.push(text) }));
  logger.info('before');
  logger.fatal('the end');
  expect(writes.join('').split('\n').filter(Boolean)).toHaveLength(2);
});

test('what a process says right before it exits, or dies of an error, is out', () => {
  const program = (last: string): string => `
    const write = (text) => require('node:fs').writeSync(1, text);
    const { LinesOfATurn } = require(${JSON.stringify(require.resolve('../dist/lines-of-a-turn.js'))});
    const lines = new LinesOfATurn({ write });
    lines.write('said\\n');
    ${last}`;
  for (const last of ['process.exit(3);', 'throw new Error("dies");', '']) {
    const { stdout } = spawnSync(process.execPath, ['-e', program(last)], { encoding: 'utf8' });
    expect(stdout).toBe('said\n');
  }
});
