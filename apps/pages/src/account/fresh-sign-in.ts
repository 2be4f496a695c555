import {
  type AssuranceDemand,
  LatchkeyClientError,
} from '../../../../src/latchkey/published/client/index.js';
import { client, hasPasskeys } from '../client.js';
import { settings } from '../settings.js';
import { askInDialog } from '../show/dialog.js';
import { button, element } from '../show/element.js';
import { factorChooser, METHODS, type Method } from '../show/factor-chooser.js';
import { words } from '../words/words.js';

/** The password, and then a second factor, of a session that is older than it. */
const MOST_FACTORS = 2;

/**
 * Does something that takes a fresh sign-in: where the last one is too old, its owner shows a factor, and
 * it is done again.
 *
 * @returns whether it was done
 */
export async function withFreshSignIn(
  email: string,
  work: () => Promise<unknown>,
): Promise<boolean> {
  for (let shown = 0; ; shown += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      const demand = error instanceof LatchkeyClientError ? error.demand : undefined;
      if (demand === undefined || shown === MOST_FACTORS) throw error;
      if (!(await askFor(email, await methodsFor(demand)))) return false;
    }
  }
}

/** By which the account can show what is asked for. */
async function methodsFor(demand: AssuranceDemand): Promise<readonly Method[]> {
  // Where they cannot be listed the owner knows them.
  const factors = await client.listFactors().catch(() => null);
  const has = (kind: string) => factors?.items.some((factor) => factor.kind === kind) ?? true;
  const hasPassword = settings.passwordSignIn && (factors?.hasPassword ?? true);
  // A password does not make a session of two factors fresher.
  const takesSecond = demand.acr !== undefined || client.principal?.claims.acr !== 'aal1';
  const can: Record<Method, boolean> = {
    passkey: hasPasskeys && has('passkey'),
    totp: takesSecond && has('totp'),
    recovery_code: takesSecond && has('recovery_codes'),
    password: hasPassword && !(takesSecond && (has('totp') || has('passkey'))),
  };
  if (demand.acr === 'phr') return ['passkey'];
  return METHODS.filter((method) => can[method]);
}

/** @returns false when the owner cancels */
function askFor(username: string, methods: readonly Method[]): Promise<boolean> {
  const { account: say } = words;
  return askInDialog(say.freshTitle, ({ done, signal }) => [
    methods.length === 0
      ? null
      : factorChooser({
          methods,
          submit: say.goOn,
          username,
          signal,
          onShow: async (shown) => {
            await client.stepUp(shown);
            done();
          },
        }),
    // Also for who has none of them: by mail, or through a provider.
    element('p', { class: 'ways' }, button(say.signInAgain, 'plain', signInAgain)),
  ]);
}

async function signInAgain(): Promise<void> {
  await client.logout().catch(() => undefined);
  location.assign(`sign-in?fresh=true&returnTo=${encodeURIComponent(location.pathname)}`);
}
