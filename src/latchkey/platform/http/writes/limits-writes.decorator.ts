import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { AdminWritesInTurn } from './admin-writes-in-turn.interceptor.js';

export const LIMITS_WRITES = 'latchkey:limits-writes';

/**
 * Which quota the writes of a caller are counted against (docs/throttling.md):
 *
 * - `own-writes`: what people do with what is theirs. 120 in a minute for each account, over all its
 *   sessions and all such routes.
 * - `session-writes`: what protects the account (a password, a factor). As many for each session, so that
 *   the thief of another session cannot use them up.
 * - `admin-writes`: what staff does to others. 600 in a minute for each caller; two at a time in each
 *   process, all callers together, since most wait for one lock in the database: never for what anybody does.
 */
export type WriteQuota = 'own-writes' | 'session-writes' | 'admin-writes';

const IN_TURN = UseInterceptors(new AdminWritesInTurn());

/**
 * Bounds how often one caller may use what writes among these routes: all but GET and HEAD. Every
 * write leaves something behind: a row, an audit event, a message to every instance. Those of
 * administrators take turns besides.
 */
export function LimitsWrites(quota: WriteQuota): ClassDecorator & MethodDecorator {
  return applyDecorators(
    SetMetadata(LIMITS_WRITES, quota),
    ApiExtension('x-limits-writes', quota),
    ...(quota === 'admin-writes' ? [IN_TURN] : []),
  );
}
