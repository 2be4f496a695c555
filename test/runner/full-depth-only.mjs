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
  'extension/clone-with-a-feature.test.ts': 'a whole clone: its build, its tests, its migrations',
  'oauth/foreign/agents.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/beside-oidc-provider.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/mcp-conformance.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/refreshes-beside-oidc-provider.test.ts': 'needs the packages of test/foreign',
  'oauth/foreign/web-apps.test.ts': 'needs the packages of test/foreign',
  'operations/demo/demo.test.ts': 'the demo page, which is there to be looked at',
  'operations/pages/every-page.test.ts': 'every page in every look, by axe',
  'operations/pages/going-on.test.ts': 'where a page leads to when it is done',
  'operations/pages/own-account.test.ts': 'the account page; its routes are asked without it',
  'operations/pages/own-factors.test.ts': 'the account page; its routes are asked without it',
  'operations/pages/passkey-upgrade.test.ts': 'an offer of the page after a sign-in',
  'operations/pages/sign-in-with.test.ts':
    'the buttons of providers; their routes are asked without them',
  'platform/database/embedded-postgres.test.ts': 'kills and stops the Postgres of a first try',
  'platform/database/poolers.test.ts': 'PgBouncer in between',
  'published/access/published-entry.test.ts': 'the examples, each in a project of its own',
  'published/access/rotating-keys.test.ts': 'services made of the packages, which are built for it',
  'published/browser/coming-back.test.ts': 'a browser that shows a page as it was left',
  'published/browser/quickstart.test.ts': 'the page of a quickstart, made of the packages',
  'published/browser/tabs-in-turn.test.ts': 'tabs that a browser lets sleep',
  'published/browser/tracing-headers.test.ts': 'a page with the headers of somebody else’s tracing',
  'published/browser/without-channel.test.ts': 'a browser that lacks a channel between tabs',
  'published/browser/without-locks.test.ts': 'a browser that lacks locks',
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
