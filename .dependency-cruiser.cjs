/**
 * Who may import whom: docs/adr/0001-one-way-imports.md. The floors of `src/latchkey` are the ladder: a
 * floor imports from itself and from the floors before it in this list, and from nothing else.
 */
const FLOORS = [
  'platform',
  'access',
  'audit',
  'tokens',
  'roles',
  'users',
  'auth',
  'oauth',
  'operations',
  'boot',
];
const HOUSE = '^src/latchkey';

const ladder = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `${floor}-imports-no-floor-after-it`,
  severity: 'error',
  from: { path: `${HOUSE}/${floor}/` },
  to: { path: `${HOUSE}/(${FLOORS.slice(index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...ladder,
    {
      name: 'floors-do-not-know-the-wiring',
      severity: 'error',
      from: { path: `${HOUSE}/[^/]+/` },
      to: { path: `${HOUSE}/[^/]+\\.ts$`, pathNot: `${HOUSE}/index\\.ts$` },
    },
    {
      name: 'latchkey-does-not-know-the-team',
      comment: 'An upgrade replaces src/latchkey and nothing else.',
      severity: 'error',
      from: { path: `${HOUSE}/` },
      to: { path: '^src/', pathNot: `${HOUSE}/` },
    },
    {
      name: 'features-import-the-face-alone',
      comment:
        'src/latchkey/index.ts has every name that a feature may use; an upgrade may move the rest.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${HOUSE}/` },
      to: { path: `${HOUSE}/`, pathNot: `${HOUSE}/index\\.ts$` },
    },
    {
      name: 'nothing-in-the-house-imports-its-face',
      severity: 'error',
      from: { path: `${HOUSE}/` },
      to: { path: `${HOUSE}/index\\.ts$` },
    },
    {
      name: 'access-reaches-no-store',
      comment: 'A verify-only service loads the access floor without a database, Redis or hashing.',
      severity: 'error',
      from: { path: `${HOUSE}/access/` },
      to: {
        path: 'node_modules/(typeorm|@nestjs/typeorm|pg|ioredis|argon2|bcrypt)/',
        reachable: true,
      },
    },
    {
      name: 'published-access-reaches-no-database',
      comment: 'A service that only verifies tokens has none, and hashes nothing.',
      severity: 'error',
      from: { path: `${HOUSE}/published/access/` },
      to: { path: 'node_modules/(typeorm|@nestjs/typeorm|pg|argon2|bcrypt)/', reachable: true },
    },
    {
      name: 'published-access-is-for-others',
      comment: 'It is published as latchkey/access; Latchkey itself has its keys and its log.',
      severity: 'error',
      from: { path: '^src/', pathNot: `${HOUSE}/published/access/` },
      to: { path: `${HOUSE}/published/access/` },
    },
    {
      name: 'published-access-stands-low',
      comment: 'It is packed with what it imports.',
      severity: 'error',
      from: { path: `${HOUSE}/published/access/` },
      to: {
        path: `${HOUSE}/`,
        pathNot: `${HOUSE}/(published/access|platform|access|tokens/revocation)/`,
      },
    },
    {
      name: 'published-client-stands-alone',
      comment: 'It is published for browsers: no dependencies, and nothing of the server.',
      severity: 'error',
      from: { path: `${HOUSE}/published/client/` },
      to: { pathNot: `${HOUSE}/published/client/` },
    },
    {
      name: 'only-pages-use-the-client',
      severity: 'error',
      from: { path: '^src/', pathNot: `${HOUSE}/(published/client|operations/demo/page)/` },
      to: { path: `${HOUSE}/(published/client|operations/demo/page)/` },
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
