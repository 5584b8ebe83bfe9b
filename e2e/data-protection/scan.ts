/** What was read of each place, by the place's name. */
export type Places = ReadonlyMap<string, string>;

/** The forms in which a value may stand in a text: as it is, escaped as in JSON, and in bytes told in hex or base64. */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const escaped = value.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [...new Set([value, escaped, encodeURIComponent(value), bytes.toString('hex'), ...inBase64(bytes)])];
}

/** What of a value's base64 does not depend on what stands before and after it, for each of the three ways it can lie. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = before === 0 ? 0 : 4;
    return text.slice(first, text.length - (text.length % 4) - 4);
  });
}

/** The places where a value stands, in any form. */
export function findIn(places: Places, value: string): string[] {
  const forms = formsOf(value);
  return [...places].filter(([, text]) => forms.some((form) => text.includes(form))).map(([place]) => place);
}

/** Each value with the places where it stands and may not; empty when all is well. */
export function findLeaks(
  places: Places,
  values: readonly string[],
  mayStand: (place: string) => boolean,
): Record<string, string[]> {
  const leaks: Record<string, string[]> = {};
  for (const value of values) {
    const found = findIn(places, value).filter((place) => !mayStand(place));
    if (found.length > 0) leaks[value] = found;
  }
  return leaks;
}
