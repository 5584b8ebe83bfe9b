import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A risk case as the acquirer holds it; any field may be missing, and there may be fields that nobody documented. */
export type AcquirerCase = Record<string, unknown>;

/** The answer that the acquirer's documentation shows, word for word. */
export interface ExampleAnswer {
  respCode: string;
  respMsg: string;
  respData: { list: AcquirerCase[]; totalCount: number };
}

/** Reads the documentation's answer. */
export function exampleAnswer(): ExampleAnswer {
  const file = join(__dirname, '..', '..', 'data', 'acquirer-example.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ExampleAnswer;
}

/** A text field of a case; empty where it has none. */
export function textOf(one: AcquirerCase, field: string): string {
  const value = one[field];
  return typeof value === 'string' ? value : '';
}
