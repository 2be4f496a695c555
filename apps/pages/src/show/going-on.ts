let before: (() => Promise<unknown>) | null = null;

/** Has something done in the session that is about to begin. That it fails keeps nobody from going on. */
export function doBeforeGoingOn(work: () => Promise<unknown>): void {
  before = work;
}

/** Where somebody wanted to go who has to sign in first: a path of this origin, and nothing else. */
export async function goOnAfterSignIn(): Promise<void> {
  await before?.().catch(() => undefined);
  location.replace(wantedAddress() ?? 'account');
}

function wantedAddress(): string | null {
  const wanted = new URLSearchParams(location.search).get('returnTo');
  if (wanted === null || !wanted.startsWith('/')) return null;
  const address = new URL(wanted, location.origin);
  return address.origin === location.origin ? address.href : null;
}
