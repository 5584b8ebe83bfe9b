import { isInstalled } from '../prepare/installed-packages.mjs';

const pg = { version: '8.0.0', integrity: 'sha512-a' };
const forMac = { version: '1.0.0', optional: true };

describe('isInstalled', () => {
  it.each([
    ['all is there', { '': {}, 'node_modules/pg': pg }, { 'node_modules/pg': pg }, true],
    ['a package of another platform is not', { 'node_modules/mac': forMac }, {}, true],
    ['a package is not there', { 'node_modules/pg': pg }, {}, false],
    ['one is too many', {}, { 'node_modules/pg': pg }, false],
    [
      'a version differs',
      { 'node_modules/pg': pg },
      { 'node_modules/pg': { ...pg, version: '8.0.1' } },
      false,
    ],
    [
      'the content differs',
      { 'node_modules/pg': pg },
      { 'node_modules/pg': { ...pg, integrity: 'sha512-b' } },
      false,
    ],
    [
      'an optional one is old',
      { 'node_modules/mac': forMac },
      { 'node_modules/mac': { version: '0.9.0' } },
      false,
    ],
  ])('%s', (_case, locked, installed, expected) => {
    expect(isInstalled(locked, installed, () => true)).toBe(expected);
  });

  it('does not believe a record of packages that are not on disk', () => {
    expect(isInstalled({ 'node_modules/pg': pg }, { 'node_modules/pg': pg }, () => false)).toBe(false);
  });
});
