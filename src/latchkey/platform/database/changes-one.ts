import type { EntityManager } from 'typeorm';

/** For a statement that says by `RETURNING` whether its condition held. */
export async function changesOne(
  manager: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<boolean> {
  const [changed] = await manager.query<[unknown[], number]>(sql, parameters);
  return changed.length > 0;
}
