import type { EntityManager } from 'typeorm';

/**
 * What a feature removes once it is old enough. Extend it and provide the class in any module: it runs
 * every `RETENTION_INTERVAL_SECONDS` after Latchkey's own, on one instance at a time, and by
 * `npm run cli -- retention run`.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class OldNotes extends RetentionJob {
 *   async removeBatch(manager: EntityManager, limit: number) {
 *     const [, count] = await manager.query(
 *       `DELETE FROM notes WHERE id IN (SELECT id FROM notes WHERE written_at < now() - interval '1 year' LIMIT $1)`,
 *       [limit],
 *     );
 *     return count;
 *   }
 * }
 * ```
 */
export abstract class RetentionJob {
  /**
   * Called in a short transaction of its own, again and again while it removes as much as it may.
   *
   * @param limit how many rows one call may remove
   * @returns how many it has removed
   */
  abstract removeBatch(manager: EntityManager, limit: number): Promise<number>;
}
