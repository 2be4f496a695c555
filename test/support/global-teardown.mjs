export default async function globalTeardown() {
  const { stopTestServers } = await import('./test-servers.ts');
  await stopTestServers();
}
