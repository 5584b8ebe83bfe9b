import { parseArguments } from '../stack/arguments.mjs';

describe('parseArguments', () => {
  it('has a default for everything', () => {
    expect(parseArguments([], '/here')).toEqual({
      registry: undefined,
      out: '/here/stack.json',
      replicas: 1,
      data: undefined,
      env: {},
      simulators: false,
      prepared: false,
    });
  });

  it('reads every option', () => {
    const args = [
      '--registry',
      'r.json',
      '--out',
      '/tmp/s.json',
      '--replicas',
      '2',
      '--data',
      'd',
      '--simulators',
    ];
    expect(parseArguments([...args, '--env', 'A=1', '--env', 'B=x=y', '--env', 'C='], '/here')).toEqual({
      registry: '/here/r.json',
      out: '/tmp/s.json',
      replicas: 2,
      data: '/here/d',
      env: { A: '1', B: 'x=y', C: '' },
      simulators: true,
      prepared: false,
    });
  });

  it.each([
    [['--replica', '2'], /--replica/],
    [['--replicas', '0'], /--replicas 0: must be a whole number/],
    [['--replicas', 'two'], /--replicas two: must be a whole number/],
    [['--env', 'A'], /--env: must look like KEY=VALUE/],
    [['--env', '1A=2'], /--env: must look like KEY=VALUE/],
    [['--env', 'PORT=80'], /--env PORT: .* the stack's to choose/],
    [['registry.json'], /registry\.json/],
  ])('refuses %j and names it', (args, message) => {
    expect(() => parseArguments(args, '/here')).toThrow(message);
  });
});
