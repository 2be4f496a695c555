import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { type HashingWork, perform } from './hashing-work.js';

/*
 * The program of the hashing process, which `HashingProcess` starts. It is told passwords and
 * hashes, and nothing else: no secret of the application, no address of a store.
 */

interface Order {
  readonly number: number;
  readonly work: HashingWork;
}

/**
 * Linux has a priority for each thread, and those that hash are there already. A low one still keeps
 * a processor to the end of its turn, some milliseconds, from any process that wakes up meanwhile; the idle
 * policy gives it up at once. Where there is no `chrt` that knows `-a` the low one has to do.
 */
function giveWay(): void {
  const { PRIORITY_LOW } = constants.priority;
  setPriority(PRIORITY_LOW);
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), PRIORITY_LOW);
  spawnSync('chrt', ['-a', '-i', '-p', '0', String(process.pid)], { stdio: 'ignore' });
}

if (process.argv[2] === 'lowest') giveWay();

process.on('message', async ({ number, work }: Order) => {
  try {
    process.send?.({ number, result: await perform(work) });
  } catch (error) {
    process.send?.({ number, reason: String(error) });
  }
});

// A signal to the application's group of processes ends it by way of the application, which may
// still have sign-ins in hand.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
process.once('disconnect', () => process.exit());
