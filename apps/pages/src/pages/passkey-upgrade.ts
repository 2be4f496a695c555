import { deviceOf } from '../account/device.js';
import { hasPasskeys, passkeys } from '../client.js';
import { settings } from '../settings.js';
import { goOnAfterSignIn } from '../show/going-on.js';

/** After a password: has the browser make a passkey unasked, where that is on, and goes on in any case. */
export async function upgradeAndGoOn(): Promise<void> {
  if (settings.passkeyUpgrade && hasPasskeys) await passkeys.upgrade(deviceOf(navigator.userAgent));
  await goOnAfterSignIn();
}
