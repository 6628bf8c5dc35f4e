/** The order of the web application: ui and api, then features, then app. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'foundations-know-nothing-above',
      comment: 'ui and api are used by features and know none of them.',
      severity: 'error',
      from: { path: '^src/(ui|api)/' },
      to: { path: '^src/(features|app)/' },
    },
    {
      name: 'ui-does-not-fetch',
      comment: 'The visual vocabulary receives data; only its types may come from api.',
      severity: 'error',
      from: { path: '^src/ui/' },
      to: { path: '^src/api/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'api-does-not-draw',
      severity: 'error',
      from: { path: '^src/api/' },
      to: { path: '^src/ui/' },
    },
    {
      name: 'features-do-not-know-app',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/app/' },
    },
    {
      name: 'features-are-blind-to-each-other',
      comment: 'What two features need together is composed in app.',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'testing-stays-in-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/testing/', '[.]test[.]tsx?$'] },
      to: { path: '^src/testing/' },
    },
    {
      name: 'nothing-from-development-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/testing/', '[.]test[.]tsx?$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts', '.css'],
    },
  },
}
