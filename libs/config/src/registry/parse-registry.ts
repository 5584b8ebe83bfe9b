import { type Checked, validateDto } from '@kyc-relay/contracts';
import { findDuplicateIds } from './duplicate-ids';
import { PartnerRegistry, REGISTRY_SECTIONS, type RegistrySection } from './partner-registry.dto';

/** The field of an error that concerns the file as a whole. */
export const WHOLE_FILE = 'file';

/**
 * Reads the text of a registry file. Unknown fields and sections are refused, as a misspelt one would silently be
 * its default. Errors name fields, such as `businesses[0].secrets`, and never hold a value.
 *
 * @param text the file's content
 * @param sections the service's own: others may be there, are not looked at, and come out empty
 */
export function parseRegistry(
  text: string,
  sections: readonly RegistrySection[] = REGISTRY_SECTIONS,
): Checked<PartnerRegistry> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('must be a JSON object');

  const foreign = REGISTRY_SECTIONS.filter((section) => !sections.includes(section));
  const own = Object.entries(value).filter(([name]) => !foreign.some((section) => section === name));
  const checked = validateDto(PartnerRegistry, Object.fromEntries(own));
  if (!checked.ok) return checked;

  const registry = checked.value;
  for (const token of registry.api_tokens) token.sha256 = token.sha256.toLowerCase();
  const errors = findDuplicateIds(registry);
  return errors.length === 0 ? checked : { ok: false, errors };
}

function parseJson(text: string): Checked<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    // The parser's message quotes the file, where the secrets are; only the position is taken from it.
    const position = /at position (\d+)/.exec(String(error))?.[1];
    const line =
      position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
    return refuse(`is not valid JSON${line}`);
  }
}

function refuse(message: string): Checked<never> {
  return { ok: false, errors: [{ field: WHOLE_FILE, message }] };
}
