import '../../scripts/typescript/register.mjs';

/** Before all tests, in the process that gives them to its workers. Gives what undoes it. */
export default async function setUp() {
  const { startTestServers, stopTestServers } = await import('./test-servers.ts');
  await startTestServers();
  return stopTestServers;
}
