import { capabilities } from './browser.js';
import { begin, millisecondsOf, type RunCeremony, type Signing, show } from './ceremonies.js';

/** Before the challenge is over, by this share of its life. */
const RENEWED_AFTER = 0.8;
const PAUSE_MILLISECONDS = 30_000;

interface Document {
  readonly hidden: boolean;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}
const page = globalThis as { readonly document?: Document };

export async function canAutofill(): Promise<boolean> {
  return (await capabilities()?.isConditionalMediationAvailable?.()) ?? false;
}

/**
 * Has the browser offer passkeys in the fields of the page that have `autocomplete="… webauthn"`, until somebody
 * takes one. The challenge is renewed while the page is looked at.
 *
 * @returns null when it has given way: its challenge was to be renewed, or the signal says so
 */
export async function offerOnce(client: Signing, signal: AbortSignal): Promise<RunCeremony | null> {
  const ceremony = await begin(client, 'show').catch(() => null);
  if (ceremony === null) {
    await pause(signal);
    return null;
  }
  const round = new AbortController();
  const end = () => round.abort();
  const due = Date.now() + millisecondsOf(ceremony) * RENEWED_AFTER;
  const renew = () => {
    if (Date.now() >= due && !page.document?.hidden) end();
  };
  const timer = setTimeout(renew, due - Date.now() + 1);
  page.document?.addEventListener('visibilitychange', renew);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    return await show(ceremony, { signal: round.signal, mediation: 'conditional' });
  } catch (error) {
    if (round.signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
    page.document?.removeEventListener('visibilitychange', renew);
    signal.removeEventListener('abort', end);
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE_MILLISECONDS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
