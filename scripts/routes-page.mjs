// docs/routes.md, from the snapshot of the contract that `test/latchkey/contract` reviews.
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const SNAPSHOT = 'test/latchkey/contract/__snapshots__/routes.test.ts.snap';
const PAGE = 'docs/routes.md';
const LINE = /^([A-Z]+) +(\S+) +(anybody|signed in|fresh|(?:permission|role|acr|maxAgeSeconds) .+?) +([\d|]+) *(.*)$/gm;

/** @returns {string} the page */
export function routesPage(snapshot) {
  const routes = [...snapshot.matchAll(LINE)].map(([, method, path, demand, status, errors]) => ({
    method,
    path,
    demand: demand.replace(/\b(permission|role|acr|maxAgeSeconds) (\S+)/g, '$1 `$2`'),
    status,
    errors: errors.split(' ').filter(Boolean),
  }));
  routes.sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`, 'en'));
  const rows = routes.map(
    ({ method, path, demand, status, errors }) =>
      `| \`${method}\` | \`${path}\` | ${demand} | ${status.replace('|', ', ')} | ${errors.map((code) => `\`${code}\``).join(' ')} |`,
  );
  return `# Routes

Every route of Latchkey, what it demands of its caller, what it answers, and which errors it gives
([errors.md](errors.md)). Made by \`npm run docs:routes\` from the snapshot that a test holds: a change here is a change of the
contract.

*anybody* needs no access token; what a route wants instead (a refresh token, a client's secret) is in \`/docs\`. *signed in* is any
live access token of a user. *fresh* is a sign-in as recent as \`FRESH_SIGN_IN_SECONDS\` says ([step-up.md](step-up.md)). \`access.*\` and \`request.*\` stand for all codes that begin so and always come together.

| | route | demands | answers | errors |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(PAGE, routesPage(await readFile(SNAPSHOT, 'utf8')));
}
