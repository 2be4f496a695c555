interface Errand {
  readonly work: () => Promise<unknown>;
  /** Says that it has failed, and leads on to the address. */
  readonly onError: (error: unknown, address: string) => void;
}
let before: Errand | null = null;

/** Has something done in the session that is about to begin. */
export function doBeforeGoingOn(errand: Errand): void {
  before = errand;
}

/** Where somebody wanted to go who has to sign in first: a path of this origin, and nothing else. */
export async function goOnAfterSignIn(): Promise<void> {
  const address = wantedAddress() ?? 'account';
  try {
    await before?.work();
  } catch (error) {
    before?.onError(error, address);
    return;
  }
  location.replace(address);
}

function wantedAddress(): string | null {
  const wanted = new URLSearchParams(location.search).get('returnTo');
  if (wanted === null || !wanted.startsWith('/')) return null;
  const address = new URL(wanted, location.origin);
  return address.origin === location.origin ? address.href : null;
}
