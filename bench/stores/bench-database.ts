import pg from 'pg';

/** A database of a row's own. */
export class BenchDatabase {
  constructor(readonly url: string) {}

  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    return client
      .query<Row>(sql, values)
      .then(({ rows }) => rows)
      .finally(() => client.end());
  }

  /** Rows in all tables together, counted one by one. */
  async countRows(): Promise<number> {
    const tables = await this.query<{ name: string }>(
      `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const counts = tables.map(({ name }) => `(SELECT count(*) FROM ${name})`);
    const [row] = await this.query<{ rows: string }>(`SELECT ${counts.join(' + ')} AS rows`);
    return Number(row?.rows);
  }
}
