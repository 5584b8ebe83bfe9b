/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {string} [integrity]
 * @property {boolean} [optional] may be absent: most are for other platforms
 */

/** @typedef {Record<string, LockedPackage>} LockedPackages by path, such as `node_modules/pg` */

/**
 * Whether what is installed is what the lock file says.
 *
 * @param {LockedPackages} locked `packages` of package-lock.json
 * @param {LockedPackages} installed `packages` of node_modules/.package-lock.json, which npm writes at the end of an install
 * @param {(path: string) => boolean} exists whether a path is on disk: the record alone is also written by an
 *   `npm install --package-lock-only`, which installs nothing
 * @returns {boolean}
 */
export function isInstalled(locked, installed, exists) {
  const isSame = (/** @type {LockedPackage} */ one, /** @type {LockedPackage | undefined} */ other) =>
    other !== undefined &&
    one.version === other.version &&
    one.resolved === other.resolved &&
    one.integrity === other.integrity;
  return (
    Object.entries(installed).every(([path, one]) => isSame(one, locked[path]) && exists(path)) &&
    Object.entries(locked).every(
      // The empty path is the root itself, which is not installed.
      ([path, one]) =>
        path === '' || (one.optional === true && !(path in installed)) || isSame(one, installed[path]),
    )
  );
}
