/**
 * The text that two notifications with the same content share: the parsed JSON without `sign`, keys sorted. Neither the
 * order of keys nor spacing nor the salt that was used make a difference (review-notify.md, Answer and duplicates).
 *
 * @param message a parsed notification, whose depth is bounded already
 */
export function canonicalContent(message: Readonly<Record<string, unknown>>): string {
  return writeObject(message, 'sign');
}

function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? `[${value.map(write).join(',')}]` : writeObject(value);
}

function writeObject(object: object, without?: string): string {
  const fields: string[] = [];
  for (const key of Object.keys(object).sort())
    if (key !== without)
      fields.push(`${JSON.stringify(key)}:${write((object as Record<string, unknown>)[key])}`);
  return `{${fields.join(',')}}`;
}
