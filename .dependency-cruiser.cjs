/**
 * The house rules of imports: a module imports only from modules to its left.
 *
 * errors, clock, config, logging, http, ports ← database, redis ← revocation ← resource-server ← audit ← keys
 *   ← tokens ← roles ← passwords ← users ← oauth-clients ← throttle ← auth ← oauth ← gateways, health,
 *   metrics, openapi, commands, retention
 *
 * `access` imports only the ground, and everything from revocation on may import it.
 */
const ground = 'errors|clock|config|logging|http|ports';
const ladder = [
  'database|redis',
  'access',
  'revocation',
  'resource-server',
  'audit',
  'keys',
  'tokens',
  'roles',
  'passwords',
  'users',
  'oauth-clients',
  'throttle',
  'auth',
  'oauth',
  'gateways|health|metrics|openapi|commands|retention',
];

const upward = ladder.slice(0, -1).map((rung, index) => ({
  name: `no-import-above-${rung.replaceAll('|', '-')}`,
  comment: 'Imports go leftwards along the ladder only: docs/adr/0001-one-way-imports.md',
  severity: 'error',
  from: { path: `^src/(${rung})/` },
  to: { path: `^src/(${ladder.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'ground-imports-nothing-above',
      severity: 'error',
      from: { path: `^src/(${ground})/` },
      to: { path: '^src/', pathNot: `^src/(${ground})/` },
    },
    {
      name: 'access-imports-only-the-ground',
      severity: 'error',
      from: { path: '^src/access/' },
      to: { path: '^src/', pathNot: `^src/(access|${ground})/` },
    },
    {
      name: 'access-reaches-no-store',
      comment: 'A verify-only service loads src/access without a database, Redis or hashing.',
      severity: 'error',
      from: { path: '^src/access/' },
      to: {
        path: 'node_modules/(typeorm|@nestjs/typeorm|pg|ioredis|argon2|bcrypt)/',
        reachable: true,
      },
    },
    {
      name: 'resource-server-reaches-no-database',
      comment: 'A service that only verifies tokens has none, and hashes nothing.',
      severity: 'error',
      from: { path: '^src/resource-server/' },
      to: {
        path: 'node_modules/(typeorm|@nestjs/typeorm|pg|argon2|bcrypt)/',
        reachable: true,
      },
    },
    {
      name: 'resource-server-is-for-others',
      comment: 'It is published as latchkey/access; Latchkey itself has its keys and its log.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/resource-server/' },
      to: { path: '^src/resource-server/' },
    },
    {
      name: 'modules-do-not-know-the-platform',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'client-stands-alone',
      comment: 'It is published for browsers: no dependencies, and nothing of the server.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { pathNot: '^src/client/' },
    },
    {
      name: 'only-the-demo-uses-the-client',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(client|demo/page)/' },
      to: { path: '^src/(client|demo/page)/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$|/migrations/' },
      to: {},
    },
    {
      name: 'no-development-dependency-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
