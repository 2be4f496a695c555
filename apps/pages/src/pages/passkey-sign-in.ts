import { LatchkeyClientError } from '../../../../src/latchkey/published/client/index.js';
import { hasPasskeys, passkeys } from '../client.js';
import { element } from '../show/element.js';
import { form } from '../show/form.js';
import { goOnAfterSignIn } from '../show/going-on.js';
import { whileShown } from '../show/view.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';
import { asksForSecondFactor } from './second-factor.js';

/** A button to sign in by a passkey; null where there are none. */
export function passkeySignIn(isSecondary: boolean): HTMLElement | null {
  if (!hasPasskeys) return null;
  return form({
    fields: [],
    submit: words.signIn.byPasskey,
    isSecondary,
    onSubmit: async () => {
      await passkeys.signIn(whileShown());
      await goOnAfterSignIn();
    },
    onError: asksForSecondFactor,
  });
}

/**
 * Has the browser offer passkeys where the address is typed, until the signal ends it.
 *
 * @param place where it is said what was wrong with one that was taken
 */
export async function offerPasskeys(place: HTMLElement, signal: AbortSignal): Promise<void> {
  if (!hasPasskeys) return;
  while (!signal.aborted) {
    try {
      if ((await passkeys.autofill(signal)) !== null) await goOnAfterSignIn();
      return;
    } catch (error) {
      // Nobody has taken one: the browser will not have them here.
      if (!(error instanceof LatchkeyClientError) || error.code === 'client.no_passkey') return;
      place.replaceChildren(element('p', {}, problemOf(error)));
    }
  }
}
