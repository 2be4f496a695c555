import { spawnSync } from 'node:child_process';
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
 * The priority comes first: threads take it over from the one that starts them. A low one still
 * keeps a processor to the end of its turn, some milliseconds, from whoever wakes up meanwhile;
 * Linux's idle policy gives it up at once. Where there is no `chrt` the low one has to do.
 */
function giveWay(): void {
  setPriority(constants.priority.PRIORITY_LOW);
  if (process.platform !== 'linux') return;
  spawnSync('chrt', ['-i', '-p', '0', String(process.pid)], { stdio: 'ignore' });
}

if (process.argv[2] === 'lowest') giveWay();

process.on('message', async ({ number, work }: Order) => {
  try {
    process.send?.({ number, result: await perform(work) });
  } catch (error) {
    process.send?.({ number, reason: String(error) });
  }
});

// Whoever ends the application's group of processes ends it by way of the application, which may
// still have sign-ins in hand.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
process.once('disconnect', () => process.exit());
