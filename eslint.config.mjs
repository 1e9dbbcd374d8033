import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';

const only = (type, ...targets) => ({
  sourceTag: `type:${type}`,
  onlyDependOnLibsWithTags: targets.map((t) => `type:${t}`),
});

export default [
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  ...nx.configs['flat/javascript'],
  { ignores: ['**/dist', '**/*.cjs', '.nx', 'coverage'] },
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: ['^.*/eslint\\.config\\.mjs$', '^.*/tools/eslint/walls\\.mjs$'],
          depConstraints: [
            only('core', 'core'),
            only('extension', 'core'),
            only('contract', 'core', 'contract'),
            only('platform', 'contract', 'core', 'platform', 'testing'),
            only('testing', 'core', 'contract', 'testing'),
            only('fleet', 'core', 'contract', 'platform', 'extension', 'testing'),
            only('app', 'core', 'contract', 'platform', 'extension', 'testing'),
            only('tool', 'core', 'contract', 'platform', 'extension', 'testing', 'fleet', 'tool'),
            only('e2e', 'core', 'contract', 'platform', 'extension', 'testing', 'fleet'),
          ],
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  prettier,
];
