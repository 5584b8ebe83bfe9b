import type { RiskFileKind } from '@kyc-relay/contracts';

/** A file of a case. */
export interface CaseFile {
  /** A valid URL. */
  url: string;
  /** What it is, told by its name. */
  kind: RiskFileKind;
}

const EXTENSIONS: Readonly<Record<Exclude<RiskFileKind, 'OTHER'>, readonly string[]>> = {
  IMAGE: ['jpg', 'jpeg', 'png', 'gif', 'bmp', 'webp', 'tif', 'tiff', 'heic', 'heif', 'svg'],
  ARCHIVE: ['rar', 'zip', '7z', 'tar', 'gz', 'tgz', 'bz2', 'xz'],
  DOCUMENT: [
    'pdf',
    'doc',
    'docx',
    'xls',
    'xlsx',
    'csv',
    'ppt',
    'pptx',
    'txt',
    'rtf',
    'odt',
    'ods',
    'ofd',
    'wps',
    'et',
  ],
};
const KIND_OF = new Map<string, RiskFileKind>(
  Object.entries(EXTENSIONS).flatMap(([kind, extensions]) =>
    extensions.map((extension) => [extension, kind as RiskFileKind]),
  ),
);
/** The host can stand several times in front of the address proper, which is the last (risk-cases.md, Pull). */
const LAST_ADDRESS = /^.*(https?:\/\/)/is;

/** The files of a `path`: several URLs with commas between, each file once. What is no URL is only in the raw row. */
export function splitPath(path: string): CaseFile[] {
  const urls = path.split(',').flatMap((part) => readUrl(part.trim()) ?? []);
  return [...new Set(urls)].map((url) => ({ url, kind: kindOf(url) }));
}

function readUrl(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const address = text.replace(LAST_ADDRESS, '$1');
  return URL.canParse(address) ? new URL(address).href : undefined;
}

function kindOf(url: string): RiskFileKind {
  const extension = /\.([^./]+)$/.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  return KIND_OF.get(extension) ?? 'OTHER';
}
