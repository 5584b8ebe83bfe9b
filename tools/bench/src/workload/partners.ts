import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTITUTION, MERCHANT } from './requests';

/** Writes a registry that knows the partners of the measurements; returns the file. */
export function writePartners(directory: string): string {
  const file = join(directory, 'partners.json');
  const { merchantNo, storeNo, token } = MERCHANT;
  const registry = {
    // Bodies are made before they are sent: their timestamps are not looked at.
    merchants: [{ merchantNo, stores: [storeNo], tokens: [token], timestamp_tolerance_seconds: 0 }],
    institutions: [
      {
        institutionId: INSTITUTION.institutionId,
        salts: [INSTITUTION.salt],
        source_addresses: ['127.0.0.0/8'],
      },
    ],
  };
  writeFileSync(file, JSON.stringify(registry));
  return file;
}
