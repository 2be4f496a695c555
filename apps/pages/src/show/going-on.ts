/** Where somebody wanted to go who has to sign in first: a path of this origin, and nothing else. */
export function goOnAfterSignIn(): void {
  location.replace(wantedAddress() ?? 'account');
}

function wantedAddress(): string | null {
  const wanted = new URLSearchParams(location.search).get('returnTo');
  if (wanted === null || !wanted.startsWith('/')) return null;
  const address = new URL(wanted, location.origin);
  return address.origin === location.origin ? address.href : null;
}
