// Read by any Node that knows modules at all: no import, no syntax newer than Node 12, so that an old one gets a
// sentence and not a SyntaxError.

/** What package.json's `engines` says, for people. */
export const NEEDED_NODE = '^20.19 or >=22.12';

/**
 * Whether a Node version is one that this project runs on.
 *
 * @param {string} version such as `20.19.1` or `v22.12.0`
 * @returns {boolean}
 */
export function isSupportedNode(version) {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  const major = parts[0] || 0;
  const minor = parts[1] || 0;
  // 21 never got what 20.19 and 22.12 have: `require` of an ES module without a flag, which Nest 12 needs.
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 12;
  return major > 22;
}

/** Ends the process with a sentence when this Node is too old. */
export function requireSupportedNode() {
  if (isSupportedNode(process.versions.node)) return;
  process.stderr.write(
    'kyc-relay needs Node ' +
      NEEDED_NODE +
      '; this is ' +
      process.versions.node +
      '.\n  Get it from https://nodejs.org/en/download, or with "nvm install 22" or "fnm install 22".\n',
  );
  process.exit(1);
}
