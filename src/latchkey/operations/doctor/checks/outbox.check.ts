import { OutboxConnection } from '../../../platform/outbox/outbox-connection.js';
import { OutboxStore } from '../../../platform/outbox/outbox-store.js';
import type { Check } from '../check.js';
import { ok, wrong } from '../finding.js';

/** By then the first tries are over, and so is what a mailbox's limit delays by. */
const LATE_SECONDS = 7_200;

/** Whether what has to be told is. */
export const outboxCheck: Check = {
  part: 'outbox',
  needs: 'database',
  async *examine({ database }) {
    if (database === undefined) return;
    const connection = new OutboxConnection(database);
    try {
      const { waiting, dead, oldestSeconds } = await new OutboxStore(connection, database).counts();
      if (dead > 0) {
        yield wrong(
          `${dead} messages were given up after a day of tries.`,
          '"outbox list --state dead" says why; "outbox retry <id>" has one tried again (docs/outbox.md).',
        );
      }
      if (oldestSeconds > LATE_SECONDS) {
        yield wrong(
          `${waiting} messages wait, the oldest for ${Math.floor(oldestSeconds / 60)} minutes.`,
          '"outbox list --state waiting" says why; an instance with OUTBOX_WORKER=on must be running.',
        );
      } else if (dead === 0) yield ok(`${waiting} messages wait to be told.`);
    } finally {
      await connection.onApplicationShutdown();
    }
  },
};
