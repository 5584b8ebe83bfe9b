import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

/** The full path of something in this repository. */
export function pathOf(...parts: string[]): string {
  return join(ROOT, ...parts);
}

/** The text of a file of this repository. */
export function readText(...parts: string[]): string {
  return readFileSync(pathOf(...parts), 'utf8');
}

/** The names in a folder of this repository, sorted. */
export function listNames(...parts: string[]): string[] {
  return readdirSync(pathOf(...parts)).sort();
}

/** The documents about what runs, for people. */
export function listMarkdown(): string[] {
  const inFolders = ['apps', 'docs', 'k8s'].flatMap((folder) =>
    readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return [...readdirSync(pathOf()), ...inFolders].filter(
    (path) => path.endsWith('.md') && !/(?:^|[\\/])(?:node_modules|dist)[\\/]/.test(path),
  );
}

/** The sources in some folders, of the services and their libraries by default, without tests and test beds. */
export function listSources(...folders: string[]): string[] {
  return (folders.length > 0 ? folders : ['apps', 'libs']).flatMap((folder) =>
    readdirSync(pathOf(folder), { recursive: true, withFileTypes: true })
      .filter(isSource)
      .map((file) => join(file.parentPath, file.name)),
  );
}

function isSource(file: Dirent): boolean {
  if (!file.isFile() || !file.name.endsWith('.ts') || /\.(?:spec|d)\.ts$/.test(file.name)) return false;
  return !/[\\/](?:dist|node_modules|testbed)(?:[\\/]|$)/.test(file.parentPath);
}
