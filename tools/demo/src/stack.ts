import { readFileSync } from 'node:fs';

/** What `npm start` says of the running stack, as far as the story needs it. */
export interface Stack {
  tokens: { viewer: string; operator: string; publisher: string };
  services: Record<string, { url: string; pid: number }[]>;
  simulators: { url: string };
  /** Path of the partner registry. */
  registry: string;
}

/** The partner registry, as far as the story plays the partners. */
export interface Registry {
  businesses: { biz_id: string; secrets: string[] }[];
  merchants: { merchantNo: string; stores: string[]; tokens: string[] }[];
  institutions: { institutionId: string; salts: string[] }[];
  risk_clients: { accessid: string; access_keys: string[]; agents: string[] }[];
}

/** Reads `stack.json` from where `STACK_FILE` says. */
export function readStack(file: string | undefined): Stack {
  if (file === undefined)
    throw new Error('STACK_FILE must name the stack.json of a running `npm start -- --simulators`');
  return JSON.parse(readFileSync(file, 'utf8')) as Stack;
}

/** The first replica of a service. */
export function urlOf(stack: Stack, service: string): string {
  const url = stack.services[service]?.[0]?.url;
  if (url === undefined) throw new Error(`the stack has no ${service}`);
  return url;
}

/** Reads the registry of the stack: the story signs as the partners do. */
export function readRegistry(stack: Stack): Registry {
  return JSON.parse(readFileSync(stack.registry, 'utf8')) as Registry;
}
