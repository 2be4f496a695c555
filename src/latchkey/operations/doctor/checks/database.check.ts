import { DatabaseConfig } from '../../../platform/database/database.config.js';
import type { Check } from '../check.js';
import { notice, ok, wrong } from '../finding.js';

const OLDEST_VERSION = 140_000;
/** One to read the revocation log, one for `/health/ready`, one for the outbox. */
const CONNECTIONS_BESIDES = 3;

interface Facts {
  readonly version: string;
  readonly versionNumber: number;
  readonly readOnly: boolean;
  readonly unlimited: boolean;
  readonly role: string;
  readonly maxConnections: number;
  readonly superuser: boolean;
}

const FACTS = `
  SELECT current_setting('server_version') AS version,
    current_setting('server_version_num')::integer AS "versionNumber",
    current_setting('transaction_read_only') = 'on' AS "readOnly",
    current_setting('statement_timeout') = '0' AS unlimited,
    current_user AS role,
    current_setting('max_connections')::integer AS "maxConnections",
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`;

/** Whether Postgres is one that can be lived with. */
export const databaseCheck: Check = {
  part: 'database',
  needs: 'database',
  async *examine({ database, config, production }) {
    if (database === undefined) return;
    const [facts] = await database.query<[Facts]>(FACTS);
    yield ok(`Postgres ${facts.version} answers.`);
    if (facts.versionNumber < OLDEST_VERSION) {
      yield wrong(`Postgres ${facts.version} is too old.`, 'Take 14 or later (docs/postgres.md).');
    }
    if (facts.readOnly) {
      yield wrong(
        'The database takes nothing that is written: a replica, or one that is set to be read only.',
        'Let DATABASE_URL lead to the primary; nobody signs in or refreshes meanwhile.',
      );
    }
    if (facts.unlimited) {
      yield wrong(
        'Statements have no time limit in Postgres: a pooler does not pass it on.',
        `ALTER ROLE "${facts.role}" SET statement_timeout = '10s' (docs/postgres.md).`,
      );
    }
    const { poolSize, url } = config.get(DatabaseConfig);
    const wanted = poolSize + CONNECTIONS_BESIDES;
    if (wanted > facts.maxConnections) {
      yield wrong(
        `One process may hold ${wanted} connections, and Postgres has ${facts.maxConnections} in all.`,
        'Lower DATABASE_POOL_SIZE, or raise max_connections.',
      );
    }
    if (production && facts.superuser && url !== undefined) {
      yield notice(
        `The role "${facts.role}" of DATABASE_URL is a superuser: it may change what the audit trail holds.`,
        'Serve with a role that owns nothing (docs/audit.md).',
      );
    }
  },
};
