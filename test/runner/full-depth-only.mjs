/**
 * The files that `npm test` leaves to `TEST_DEPTH=full`, which CI sets, and why. Only how Latchkey is shipped,
 * started, stopped and shown, and what somebody else has written, may stand here: what Latchkey promises about
 * security is asked at both depths.
 */
const FULL_DEPTH_ONLY = {
  'auth/external/honest-provider.test.ts': 'needs the packages of test/foreign',
  'boot/failed-start.test.ts': 'starts of the build that cannot succeed, each in a process',
  'boot/first-start.test.ts': 'a start from nothing, with the embedded Postgres',
  'boot/image.test.ts':
    'builds the image of the Dockerfile, with every package installed once more',
  'boot/leaving.test.ts': 'processes that are told to stop, behind nginx too',
  'boot/restart.test.ts': 'kills and stops a service with its embedded Postgres',
  'docs/pages.test.ts': 'runs every command that a page shows',
  'oauth/foreign/agents.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/beside-oidc-provider.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/mcp-conformance.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/refreshes-beside-oidc-provider.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/web-apps.test.ts': 'needs the packages of test/foreign',
  'extension/clone-with-a-feature.test.ts': 'a whole clone: its build, its tests, its migrations',
  'operations/demo/demo.test.ts': 'the demo page, which is there to be looked at',
  'platform/database/embedded-postgres.test.ts': 'kills and stops the Postgres of a first try',
  'platform/database/poolers.test.ts': 'PgBouncer in between',
  'published/access/published-entry.test.ts': 'the examples, each in a project of its own',
  'published/access/rotating-keys.test.ts': 'services made of the packages, which are built for it',
  'published/browser/quickstart.test.ts': 'the page of a quickstart, made of the packages',
  'published/client/published-entry.test.ts': 'compiles the declarations',
  'published/packages.test.ts': 'packs, publishes and installs, and compiles for each resolution',
};

const NAMES = Object.keys(FULL_DEPTH_ONLY).map((name) => `test/latchkey/${name}`);

/**
 * Which of these files of tests a run has, and says of the others how many they are. Whoever names files or
 * folders gets all of them.
 *
 * @template {{ moduleId: string }} File
 * @param {File[]} files
 * @param {boolean} named whether files or folders were given to the runner
 */
export function ofThisDepth(files, named) {
  if (named || process.env.TEST_DEPTH === 'full') return files;
  const kept = files.filter(({ moduleId }) => !NAMES.some((name) => moduleId.endsWith(name)));
  const count = files.length - kept.length;
  process.on('exit', () => {
    process.stdout.write(`${count} files more: TEST_DEPTH=full npm test, as CI runs it.\n`);
  });
  return kept;
}
