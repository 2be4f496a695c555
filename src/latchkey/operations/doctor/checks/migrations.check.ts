import { commandLine } from '../../../platform/config/command-line.js';
import { migrationState } from '../../../platform/database/migrate.js';
import type { Check } from '../check.js';
import { ok, wrong } from '../finding.js';

/** Whether the schema is that of this version. */
export const migrationsCheck: Check = {
  part: 'migrations',
  needs: 'database',
  async *examine({ database }) {
    if (database === undefined) return;
    const { pending, unknown } = await migrationState(database);
    if (unknown !== null) {
      yield wrong(
        `The database has been migrated by a newer version: it has ${unknown}.`,
        'Start that version or a later one, or restore a backup from before (docs/upgrading.md).',
      );
    }
    const [first] = pending;
    if (first === undefined) {
      if (unknown === null) yield ok('The schema is up to date.');
      return;
    }
    yield wrong(
      `${pending.length} migrations are pending, the first of them ${first}.`,
      `Run "${commandLine()} migrate", or start the service, which does the same.`,
    );
  },
};
