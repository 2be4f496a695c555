// `npm run start:dev`: builds and starts, and again after each change in src/ and apps/pages/.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

const QUIET_MILLISECONDS = 200;
const script = (name) => join(import.meta.dirname, name);
let server;
let settled;
let turn = Promise.resolve();

async function restart() {
  const { status } = spawnSync(process.execPath, [script('build.mjs')], { stdio: 'inherit' });
  // What does not compile leaves the server as it is.
  if (status !== 0) return;
  await stop('SIGINT');
  server = spawn(process.execPath, ['--max-semi-space-size=4', script('../dist/main.js')], {
    stdio: 'inherit',
  });
}

async function stop(signal) {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

// An editor writes several files, and each several times: wait until it has finished.
for (const folder of ['src', 'apps/pages']) {
  if (existsSync(folder)) watch(folder, { recursive: true }, restartSoon);
}
function restartSoon() {
  clearTimeout(settled);
  settled = setTimeout(() => {
    turn = turn.then(restart);
  }, QUIET_MILLISECONDS);
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await stop(signal);
    process.exit(0);
  });
}
turn = turn.then(restart);
