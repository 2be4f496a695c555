import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { AdminWritesInTurn } from './admin-writes-in-turn.interceptor.js';

export const LIMITS_WRITES = 'latchkey:limits-writes';

/**
 * What the writes of a caller are counted against: docs/throttling.md. That of the account, or, for what
 * protects the account, that of the session: whoever has stolen another one uses none of it up.
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
