import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryFile, type RegistryReload } from './registry-file';

const A_MINUTE = 60_000;
const token = { name: 'ops', role: 'operator', sha256: 'ab'.repeat(32) };

function registryOf(...ids: string[]): string {
  const url = 'http://b.example/';
  const businesses = ids.map((biz_id) => ({
    biz_id,
    secrets: ['hunter2'],
    status_callback_url: url,
    info_callback_url: url,
  }));
  return JSON.stringify({ businesses, merchants: 'of another service' });
}

describe('RegistryFile', () => {
  let folder: string;
  let registryFile: string;
  let apiTokensFile: string;
  let reloads: RegistryReload[];
  let opened: RegistryFile[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registry-'));
    registryFile = join(folder, 'partners.json');
    apiTokensFile = join(folder, 'tokens.json');
    reloads = [];
    opened = [];
    await writeFile(registryFile, registryOf('A'));
    await writeFile(apiTokensFile, JSON.stringify({ api_tokens: [token] }));
  });
  afterEach(async () => {
    for (const registry of opened) registry.stop();
    await rm(folder, { recursive: true });
  });

  async function open(pollMs = A_MINUTE): Promise<RegistryFile> {
    const registry = await RegistryFile.open({
      registryFile,
      apiTokensFile,
      sections: ['businesses', 'api_tokens'],
      report: (reload) => reloads.push(reload),
      pollMs,
    });
    opened.push(registry);
    return registry;
  }
  function idsIn(registry: RegistryFile): string[] {
    return [...registry.current().businesses.keys()];
  }
  async function settle(registry: RegistryFile): Promise<void> {
    await registry.check();
    await registry.check();
  }

  it('starts with both files and reports nothing', async () => {
    const registry = await open();
    expect(idsIn(registry)).toEqual(['A']);
    expect(registry.tokens()).toEqual([token]);
    await settle(registry);
    expect(reloads).toEqual([]);
  });

  it('works without a second file', async () => {
    const registry = await RegistryFile.open({
      registryFile,
      sections: ['businesses', 'api_tokens'],
      report: (reload) => reloads.push(reload),
    });
    opened.push(registry);
    await writeFile(registryFile, JSON.stringify({ api_tokens: [token] }));
    await settle(registry);
    expect(registry.tokens()).toEqual([token]);
  });

  it.each([
    ['is absent', undefined, 'file cannot be read (ENOENT)'],
    ['is no JSON', '{"secrets": hunter2', 'file is not valid JSON'],
    [
      'has mistakes',
      registryOf('A', 'A').replace('hunter2', ' '),
      'businesses[0].secrets must be a list of one or two texts that are not blank, of at most 1024 characters',
    ],
  ])('does not start when the file %s', async (_name, content, problem) => {
    if (content === undefined) await rm(registryFile);
    else await writeFile(registryFile, content);
    await expect(open()).rejects.toThrow(`${registryFile} cannot be used:\n  ${problem}`);
  });

  it('does not start when the second file has mistakes', async () => {
    await writeFile(apiTokensFile, JSON.stringify({ api_tokens: [{ ...token, role: 'admin' }] }));
    await expect(open()).rejects.toThrow(
      `${apiTokensFile} cannot be used:\n  api_tokens[0].role must be one of viewer, operator, publisher`,
    );
  });

  it('takes a good new content of either file and tells who listens', async () => {
    const registry = await open();
    const heard: string[] = [];
    registry.onChange((partners) => heard.push([...partners.businesses.keys()].join()));

    await writeFile(registryFile, registryOf('A', 'B'));
    await settle(registry);
    expect(idsIn(registry)).toEqual(['A', 'B']);
    expect(registry.tokens()).toEqual([token]);

    await writeFile(apiTokensFile, '{"api_tokens": []}');
    await settle(registry);
    expect(registry.tokens()).toEqual([]);
    expect(idsIn(registry)).toEqual(['A', 'B']);

    expect(heard).toEqual(['A,B', 'A,B']);
    expect(reloads).toEqual([
      { result: 'loaded', file: registryFile },
      { result: 'loaded', file: apiTokensFile },
    ]);
  });

  it('keeps the old content while a bad one stands, and reports each bad one once', async () => {
    const registry = await open();
    await writeFile(registryFile, registryOf('B', 'B'));
    await settle(registry);
    await settle(registry);
    await rm(registryFile);
    await settle(registry);
    await settle(registry);
    expect(idsIn(registry)).toEqual(['A']);
    expect(reloads).toEqual([
      {
        result: 'refused',
        file: registryFile,
        errors: [{ field: 'businesses[1].biz_id', message: 'is used by an earlier entry' }],
      },
      {
        result: 'refused',
        file: registryFile,
        errors: [{ field: 'file', message: 'cannot be read (ENOENT)' }],
      },
    ]);

    await writeFile(registryFile, registryOf('C'));
    await settle(registry);
    expect(idsIn(registry)).toEqual(['C']);
  });

  it('takes back a bad content that is repaired', async () => {
    const registry = await open();
    await writeFile(registryFile, '{}}');
    await settle(registry);
    await writeFile(registryFile, registryOf('A'));
    await settle(registry);
    expect(reloads.map(({ result }) => result)).toEqual(['refused', 'loaded']);
  });

  it('does not judge a content that is still being written', async () => {
    const registry = await open();
    await writeFile(registryFile, registryOf('B').slice(0, 20));
    await registry.check();
    await writeFile(registryFile, registryOf('B'));
    await settle(registry);
    expect(idsIn(registry)).toEqual(['B']);
    expect(reloads).toEqual([{ result: 'loaded', file: registryFile }]);
  });

  it('sees the swapped symbolic link of a mounted Secret', async () => {
    const [first, second, mounted] = [join(folder, '1'), join(folder, '2'), join(folder, 'mounted')];
    await writeFile(first, registryOf('A'));
    await writeFile(second, registryOf('B'));
    await symlink(first, mounted);
    registryFile = mounted;
    const registry = await open();
    await symlink(second, `${mounted}.new`);
    await rename(`${mounted}.new`, mounted);
    await settle(registry);
    expect(idsIn(registry)).toEqual(['B']);
  });

  it('looks by itself until it is stopped', async () => {
    const registry = await open(1);
    const changed = new Promise<void>((resolve) => {
      registry.onChange(() => {
        resolve();
      });
    });
    await writeFile(registryFile, registryOf('B'));
    await changed;
    expect(idsIn(registry)).toEqual(['B']);
  });
});
