/** The headers of a request as Node gives them, or with names in any case. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Every value of a header, whatever the case of its name. */
export function headerValues(headers: Headers, name: string): string[] {
  const wanted = name.toLowerCase();
  return Object.entries(headers)
    .filter(([key, value]) => value !== undefined && key.toLowerCase() === wanted)
    .flatMap(([, value]) => value as string | string[]);
}

/** The value of a header that must stand alone: of none or several, none can be trusted. */
export function singleHeader(headers: Headers, name: string): string | undefined {
  const values = headerValues(headers, name);
  return values.length === 1 ? values[0] : undefined;
}
