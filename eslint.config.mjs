import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const shared = ['type:contracts', 'type:infra', 'type:domain', 'type:store'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.cache/**', 'coverage/**'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/return-await': ['error', 'always'],
      '@typescript-eslint/promise-function-async': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // Taking fields off an object by destructuring is what the rest is for.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // Numbers read well in templates; everything else must be made a text on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest modules are empty classes that carry decorators.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest's and prom-client's option types are classes that are meant to be filled with plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          depConstraints: [
            { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
            { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:domain', 'type:contracts'] },
            {
              sourceTag: 'type:infra',
              onlyDependOnLibsWithTags: ['type:infra', 'type:contracts', 'type:domain'],
            },
            { sourceTag: 'type:store', onlyDependOnLibsWithTags: shared },
            { sourceTag: 'type:app', onlyDependOnLibsWithTags: shared },
            { sourceTag: 'type:tool', onlyDependOnLibsWithTags: [...shared, 'type:tool', 'type:app'] },
            // Operators' commands deal with all contexts; nothing depends on them.
            { sourceTag: 'scope:operations', onlyDependOnLibsWithTags: ['*'] },
            { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
            { sourceTag: 'scope:kyc', onlyDependOnLibsWithTags: ['scope:shared', 'scope:kyc'] },
            { sourceTag: 'scope:money-plus', onlyDependOnLibsWithTags: ['scope:shared', 'scope:money-plus'] },
            { sourceTag: 'scope:payee', onlyDependOnLibsWithTags: ['scope:shared', 'scope:payee'] },
            { sourceTag: 'scope:review', onlyDependOnLibsWithTags: ['scope:shared', 'scope:review'] },
            { sourceTag: 'scope:risk', onlyDependOnLibsWithTags: ['scope:shared', 'scope:risk'] },
          ],
        },
      ],
    },
  },
  {
    // The rooms of an app: the domain knows nobody, the edges do not know each other.
    files: ['apps/*/src/domain/**/*.ts', 'libs/kyc/src/domain/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: ['@nestjs/*', 'typeorm', 'pg', 'kafkajs', 'undici', 'axios', '../*'] },
      ],
      'no-restricted-globals': ['error', 'Date', 'process'],
    },
  },
  {
    files: ['apps/*/src/inbound/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['**/outbound/**'] }] },
  },
  { files: ['**/*.spec.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  prettier,
);
