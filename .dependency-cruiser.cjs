/** Imports run downwards only; see docs/decisions/0001-rooms-and-import-direction.md. */
const lib = (...rooms) => `^lib/(${rooms.join('|')})/`
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'core-imports-nothing', severity: 'error', from: { path: '^lib/core/' }, to: { path: '^lib/(?!core/)' } },
    { name: 'sandbox-knows-no-lib', severity: 'error', from: { path: '^sandbox/' }, to: { path: '^(lib|app|components)/' } },
    { name: 'lib-knows-no-sandbox', severity: 'error', from: { path: '^(lib|app|components)/', pathNot: '\\.test\\.tsx?$' }, to: { path: '^sandbox/' } },
    { name: 'lib-knows-no-screens', severity: 'error', from: { path: '^lib/' }, to: { path: '^(app|components)/' } },
    { name: 'components-know-no-routes', severity: 'error', from: { path: '^components/' }, to: { path: '^app/' } },
    {
      name: 'only-targets-touch-the-outside',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: '^lib/(targets|db)/|\\.test\\.tsx?$' },
      to: { path: 'node_modules/(@kubernetes/client-node|pg|ioredis|kafkajs)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'operations-see-target-types-only',
      severity: 'error',
      from: { path: lib('operations', 'verdicts'), pathNot: '\\.test\\.tsx?$' },
      to: { path: lib('engine', 'journal', 'incidents', 'access', 'actions', 'loaders', 'live', 'db'), pathNot: '^lib/access/roles\\.ts$|^lib/engine/types\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine-knows-no-actions',
      severity: 'error',
      from: { path: lib('engine', 'journal', 'incidents', 'access', 'live', 'runbooks', 'targets', 'db') },
      to: { path: lib('actions', 'loaders', 'queries') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.next/|lib/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
