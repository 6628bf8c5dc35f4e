import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts', '.dependency-cruiser.cjs'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers read well inside a template; everything else still has to be turned into text.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An event handler may start work without waiting for it.
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
      // The router asks for its redirects to be thrown.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  reactHooks.configs.flat['recommended-latest'],
)
