import { register } from 'node:module';

// Jest compiles its tests, but not what its global setup imports.
register('./typescript-hooks.mjs', import.meta.url);

export default async function globalSetup() {
  const { startTestServers } = await import('./test-servers.ts');
  await startTestServers();
}
