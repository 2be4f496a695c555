import { expect } from '@jest/globals';
import { Redis } from 'ioredis';
import type { SignedIn } from '../builders/accounts.js';
import { eventually } from '../support/eventually.js';

/** What a verifier that knows nothing but Redis has learned of these sessions by now. */
export async function streamTellsOf(port: number, sessions: readonly SignedIn[]): Promise<void> {
  const redis = new Redis(port, '127.0.0.1');
  redis.on('error', () => undefined);
  try {
    await eventually(
      async () => {
        expect(await redis.exists('{latchkey:revocations}:epoch')).toBe(1);
        const text = JSON.stringify(await redis.xrange('latchkey:revocations', '-', '+'));
        const missing = sessions.filter(({ sessionId }) => !text.includes(sessionId));
        expect(missing).toEqual([]);
      },
      { within: 5 },
    );
  } finally {
    redis.disconnect();
  }
}
