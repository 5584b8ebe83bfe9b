import { readFileSync } from 'node:fs';

/** What `npm start` says of the running stack, as far as the story needs it. */
export interface Stack {
  tokens: { viewer: string; operator: string; publisher: string };
  services: Record<string, { url: string; pid: number }[]>;
  simulators: { url: string };
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
