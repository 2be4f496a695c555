import type {
  LatchkeyClientError,
  SecondFactorChallenge,
} from '../../../../src/latchkey/published/client/index.js';
import { client, hasPasskeys } from '../client.js';
import { factorChooser, METHODS, type Method } from '../show/factor-chooser.js';
import { goOnAfterSignIn } from '../show/going-on.js';
import { showCard, whileShown } from '../show/view.js';
import { words } from '../words/words.js';
import { upgradeAndGoOn } from './passkey-upgrade.js';

/** Goes on to what a sign-in still asks for; false: the error is about something else. */
export function asksForSecondFactor({ challenge }: LatchkeyClientError): boolean {
  if (challenge === undefined) return false;
  const methods = METHODS.filter(
    (method) => challenge.methods.includes(method) && (method !== 'passkey' || hasPasskeys),
  );
  if (methods.length === 0) return false;
  showSecondFactor(challenge, methods);
  return true;
}

function showSecondFactor({ challenge }: SecondFactorChallenge, methods: readonly Method[]): void {
  const { signIn, secondFactor: say } = words;
  const card = showCard(say.title);
  card.append(
    factorChooser({
      methods,
      submit: signIn.submit,
      meaning: { 'auth.proof_invalid': say.over },
      signal: whileShown(),
      onShow: async (shown) => {
        await client.completeSignIn(challenge, shown);
        if (shown.method === 'passkey') await goOnAfterSignIn();
        else await upgradeAndGoOn();
      },
    }),
  );
}
