import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { relative } from 'node:path';
import { readCompose } from './compose';
import { listNames, listSources, pathOf, readText } from './repository';

interface Stage {
  from: string;
  name: string;
  steps: string[];
}

/** The stages of the Dockerfile, continued lines joined, comments left out. */
function readStages(): Stage[] {
  const lines = readText('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean);
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, from, name] = /^FROM (\S+) AS (\w+)$/.exec(line) ?? [];
    if (from !== undefined && name !== undefined) stages.push({ from, name, steps: [] });
    else stages.at(-1)?.steps.push(line);
  }
  return stages;
}

const STAGES = readStages();
const LAST = STAGES.at(-1);
const packageOf = (
  ...folder: string[]
): { name: string; dependencies?: Record<string, string>; engines?: { node: string } } =>
  JSON.parse(readText(...folder, 'package.json')) as ReturnType<typeof packageOf>;

describe('the Dockerfile', () => {
  it('builds on one exact version of an LTS line of Node', () => {
    const [, version = ''] = /^ARG NODE_VERSION=(\S+)$/m.exec(readText('Dockerfile')) ?? [];
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const major = Number(version.split('.')[0]);
    expect([major % 2, major >= 24]).toEqual([0, true]);
    expect(STAGES.map(({ from }) => from)).toEqual(STAGES.map(() => 'node:${NODE_VERSION}-slim'));
  });

  it('ends in an image that is not root, without what only the build needs', () => {
    expect(LAST?.steps).toEqual([
      'ENV NODE_ENV=production',
      'WORKDIR /app',
      'COPY --from=image /app ./',
      'USER node',
      'EXPOSE 3000',
      expect.stringMatching(/^CMD /),
    ]);
    const installs =
      STAGES.find(({ name }) => name === 'image')?.steps.filter((step) => step.includes('npm ')) ?? [];
    expect(installs).toEqual([expect.stringMatching(/^RUN npm ci .*--omit=dev/)]);
    expect(installs[0]).toContain('--workspace="@kyc-relay/${SERVICE}"');
  });

  it('gives a service the memory that it is tried and measured with', () => {
    const command = JSON.parse(LAST?.steps.at(-1)?.replace('CMD ', '') ?? '') as string[];
    const nodeArgs = JSON.parse(readText('tools', 'local', 'stack', 'node-args.json')) as string[];
    expect(command).toEqual(['node', ...nodeArgs, 'run/main.js']);
  });

  it('holds no secret and copies none', () => {
    const declared = [...readText('Dockerfile').matchAll(/^(?:ARG|ENV) (\w+)/gm)].map(([, name]) => name);
    expect([...new Set(declared)].sort()).toEqual(['NODE_ENV', 'NODE_VERSION', 'SERVICE']);
    const ignored = readText('.dockerignore').split('\n');
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '**/node_modules', '**/dist', 'docker', 'stack.json']),
    );
  });

  it('makes every image that is asked for', () => {
    const asked = [
      ...Object.values(readCompose()).flatMap(({ build }) => (build ? [build.args.SERVICE] : [])),
      ...listNames('apps'),
    ];
    for (const name of asked) {
      const folder = listNames('apps').includes(name) ? 'apps' : 'tools';
      expect(packageOf(folder, name).name).toBe(`@kyc-relay/${name}`);
      const entries = listNames(folder, name, 'src');
      expect([name, entries.includes('main.ts') || entries.includes('migrate.ts')]).toEqual([name, true]);
    }
  });
});

describe('what is in an image', () => {
  // An image has only the packages that its workspaces name: what comes from a neighbour's list is missing there.
  it('names every package that it imports', () => {
    const undeclared = [...listSources(), ...listSources('tools/operations', 'tools/simulators')].flatMap(
      (path) => {
        const folder = relative(pathOf(), path).split('/').slice(0, 2);
        const { name: own, dependencies = {} } = packageOf(...folder);
        return importsOf(readFileSync(path, 'utf8'))
          .filter((name) => name !== own && !(name in dependencies))
          .map((name) => `${relative(pathOf(), path)}: ${name}`);
      },
    );
    expect(undeclared).toEqual([]);
  });
});

/** What a source imports when it runs: a module of a package, not a type, which is gone by then. */
const IMPORTS =
  /^(?:import|export) (?!type )[^;]*?from '([^'.][^']*)'|^import '([^'.][^']*)'|\bawait import\('([^'.][^']*)'\)/gm;

function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORTS)]
    .map(([, named, bare, late]) => named ?? bare ?? late ?? '')
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
