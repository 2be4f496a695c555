import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const LIMITS_WRITES = 'latchkey:limits-writes';

/** Whose quota the writes of a caller are counted against: docs/throttling.md. */
export type WriteQuota = 'own-writes' | 'admin-writes';

/**
 * Bounds how often one caller may use what writes among these routes: all but GET and HEAD. Every
 * write leaves something behind: a row, an audit event, a message to every instance.
 */
export function LimitsWrites(quota: WriteQuota): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(LIMITS_WRITES, quota), ApiExtension('x-limits-writes', quota));
}
