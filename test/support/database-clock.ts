import type { Stores } from './stores.js';

/**
 * Sets the clock of one test's database: connections that are opened after this find another
 * `clock_timestamp()` before that of Postgres.
 */
export class DatabaseClock {
  private constructor(private readonly stores: Stores) {}

  static async of(stores: Stores): Promise<DatabaseClock> {
    await stores.query('CREATE TABLE clock_step (seconds float8 NOT NULL)');
    await stores.query('INSERT INTO clock_step VALUES (0)');
    await stores.query(`
      CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      'SELECT pg_catalog.clock_timestamp() + make_interval(secs => seconds) FROM public.clock_step'`);
    const [row] = await stores.query<{ name: string }>('SELECT current_database() AS name');
    await stores.query(`ALTER DATABASE ${row?.name} SET search_path = public, pg_catalog`);
    return new DatabaseClock(stores);
  }

  /** @param seconds by which it is wrong from now on; 0 puts it right */
  async set(seconds: number): Promise<void> {
    await this.stores.query('UPDATE clock_step SET seconds = $1', [seconds]);
  }
}
