import { defineFactor } from '../../src/latchkey/tokens/assurance/factor.js';
import type { Stores } from '../support/stores.js';

/** Factors of tests alone: there is nothing that could be shown. */
export const TEST_TOTP = defineFactor({ name: 'test_totp', amr: ['otp'], role: 'second' });
export const TEST_KEY = defineFactor({
  name: 'test_key',
  amr: ['hwk', 'user'],
  role: 'both',
  phishingResistant: true,
});

/** Makes a session one in which this has been shown, so many seconds ago: from its next refresh on. */
export async function showFactors(
  stores: Stores,
  sessionId: string,
  secondsAgo: Readonly<Record<string, number>>,
): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const factors = Object.fromEntries(
    Object.entries(secondsAgo).map(([name, seconds]) => [name, { at: now - seconds }]),
  );
  await stores.query('UPDATE sessions SET factors = $2 WHERE id = $1', [
    sessionId,
    JSON.stringify(factors),
  ]);
}
