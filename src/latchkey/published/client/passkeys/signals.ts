import { capabilities } from './browser.js';
import type { RunCeremony, Signing } from './ceremonies.js';

/**
 * What a browser is told, so that it offers no passkey that the server would refuse (WebAuthn Level 3, 5.1.10).
 * It is told where it can be, and whether it heeds it is its own affair: nothing here rejects.
 */

/** Of one that no account has. */
export async function signalUnknown({ rpId, credential }: RunCeremony): Promise<void> {
  const about = { rpId, credentialId: credential.id };
  await heedless(capabilities()?.signalUnknownCredential?.(about));
}

/** Of those that the account of this session has, and of the names that it goes by. */
export async function signalCurrent(client: Signing): Promise<void> {
  const can = capabilities();
  if (!can?.signalAllAcceptedCredentials && !can?.signalCurrentUserDetails) return;
  const current = await client.call('GET', 'auth/passkeys').catch(() => null);
  const { rpId, userId, name, displayName, allAcceptedCredentialIds } = Object(current);
  // An account that has never had a passkey is known to no authenticator.
  if (!userId) return;
  const all = { rpId, userId, allAcceptedCredentialIds };
  await heedless(can.signalAllAcceptedCredentials?.(all));
  await heedless(can.signalCurrentUserDetails?.({ rpId, userId, name, displayName }));
}

async function heedless(signal: Promise<void> | undefined): Promise<void> {
  await signal?.catch(() => undefined);
}
