const fs = require('node:fs');
const path = require('node:path');

const swc = JSON.parse(fs.readFileSync(path.join(__dirname, '.swcrc'), 'utf8'));
delete swc.$schema;

// Nest 12 and a few of its dependencies are ES modules only; Jest on Node 20 cannot require them, so they are transformed.
const esModules = [
  '@nestjs',
  '@kubernetes/client-node',
  'axios',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'uid',
  // It loads node:http by `import()`, which Jest lets no untransformed module do.
  '@opentelemetry/otlp-exporter-base',
];

const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  coverageProvider: 'v8',
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.cache/'],
  moduleNameMapper: {
    '^@kyc-relay/([^/]+)$': ['<rootDir>/libs/$1/src', '<rootDir>/apps/$1/src', '<rootDir>/tools/$1/src'],
  },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }],
    '^.+\\.m?js$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'ecmascript' } },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
};

module.exports = {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.int\\.spec\\.ts$'],
    },
    {
      ...base,
      displayName: 'int',
      testMatch: ['<rootDir>/{apps,libs,tools}/**/*.int.spec.ts'],
      globalSetup: '<rootDir>/tools/local/jest/start-infrastructure.mjs',
      globalTeardown: '<rootDir>/tools/local/jest/stop-infrastructure.mjs',
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/e2e/**/*.e2e.spec.ts'],
    },
  ],
};
