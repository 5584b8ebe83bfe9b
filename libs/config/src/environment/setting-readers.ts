import { KeyRing } from '@kyc-relay/crypto';
import { isAddressRange } from '../address-range';

/** How the text of an environment variable becomes a value. */
export interface SettingReader<T = unknown> {
  /** What the text must be, after "must be". */
  expected: string;
  /** The value, or undefined when the text is not what is expected. Never called with a blank text. */
  read(text: string): T | undefined;
}

/** A text as it is; `pattern` is matched whole. */
export function text(expected: string, pattern = /[^]/): SettingReader<string> {
  return { expected, read: (value) => (pattern.test(value) ? value : undefined) };
}

/** A whole number in decimal digits, both limits included. */
export function wholeNumber(min: number, max: number): SettingReader<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    read: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** A share, such as 0.05. */
export const share: SettingReader<number> = {
  expected: 'a number from 0 to 1, such as 0.05',
  read: (value) => (/^(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?)$/.test(value) ? Number(value) : undefined),
};

/** One of a few words. */
export function oneOf<const T extends string>(...words: T[]): SettingReader<T> {
  return { expected: `one of ${words.join(', ')}`, read: (value) => words.find((word) => word === value) };
}

/** `host:port`, several separated by commas. */
export const hostList: SettingReader<string[]> = {
  expected: 'host:port, several separated by commas',
  read: (value) => {
    const hosts = value.split(',').map((host) => host.trim());
    return hosts.every(isHostAndPort) ? hosts : undefined;
  },
};

/** IP addresses and ranges, several separated by commas. */
export const addressRanges: SettingReader<string[]> = {
  expected: 'IP addresses or ranges such as 10.0.0.0/8, several separated by commas',
  read: (value) => {
    const ranges = value.split(',').map((range) => range.trim());
    return ranges.every(isAddressRange) ? ranges : undefined;
  },
};

/** The URL of a Postgres database. */
export const postgresUrl: SettingReader<string> = {
  expected: 'a URL such as postgres://user:password@host:5432/database',
  read: (value) => (['postgres:', 'postgresql:'].includes(protocolOf(value)) ? value : undefined),
};

/** The URL of something that is asked over HTTP. */
export const httpUrl: SettingReader<string> = {
  expected: 'a URL such as http://host:4318',
  read: (value) => (['http:', 'https:'].includes(protocolOf(value)) ? value : undefined),
};

/** The keys that seal identity numbers. */
export const keyRing: SettingReader<KeyRing> = {
  expected:
    'id:base64, several separated by commas; ids of letters, digits, _ and -, no two alike; keys of 32 bytes',
  read: (value) => {
    try {
      return KeyRing.parse(value);
    } catch {
      return undefined;
    }
  },
};

function isHostAndPort(host: string): boolean {
  const port = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(host)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) < 65_536;
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}
