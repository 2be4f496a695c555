import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { KeptVersions } from '../tokens/access-tokens/kept-versions.js';

/**
 * The one row that dates what roles permit. Its lock serializes every change of authority: of a
 * role, of who holds one, of whether an admin is active. So each change judges escalation and the
 * last admin by the result of the one before. A transaction takes it before any other lock;
 * sign-in, refresh and registration never take it.
 */
@Injectable()
export class RoleDefinitions extends KeptVersions {
  readonly keeps = 'rolesVersion';

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  /** Waits for the changes of authority before this one; held until the transaction ends. */
  async lock(manager: EntityManager): Promise<void> {
    await manager.query('SELECT version FROM role_definitions FOR UPDATE');
  }

  /** Dates a change of what roles permit; returns the version that it makes. Takes the lock. */
  async raise(manager: EntityManager): Promise<number> {
    const [rows]: [{ version: number }[], number] = await manager.query(
      'UPDATE role_definitions SET version = version + 1 RETURNING version',
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The row of role_definitions is missing.');
    return row.version;
  }

  async read(manager: EntityManager): Promise<number | null> {
    const [row] = await manager.query<{ version: number }[]>(
      'SELECT version FROM role_definitions',
    );
    return row?.version ?? null;
  }

  async raiseTo(version: number): Promise<void> {
    await this.dataSource.query('UPDATE role_definitions SET version = $1 WHERE version < $1', [
      version,
    ]);
  }
}
