import type { Factor, MailedCode } from '../factor-calls.js';
import type { Principal } from '../held-token.js';
import type { ShownFactor } from '../step-up.js';
import { canAutofill, offerOnce } from './autofill.js';
import { canUpgrade, capabilities } from './browser.js';
import { begin, make, type RunCeremony, type Signing, show } from './ceremonies.js';
import { signalCurrent, signalUnknown } from './signals.js';

/** Somebody waits to go on, and a browser need not say that it makes none. */
const UPGRADE_MILLISECONDS = 5_000;

/** A passkey that the authenticator has made, and the account does not know yet. */
export type MadePasskey = RunCeremony;

/** Passkeys in the browser: docs/client.md, docs/passkeys.md. */
export interface Passkeys {
  /** Whether this browser has them. */
  readonly supported: boolean;

  /**
   * Signs in by a passkey alone: the browser asks which one.
   *
   * @throws LatchkeyClientError `client.no_passkey` when none was shown; as the server says
   */
  signIn(signal?: AbortSignal): Promise<Principal>;

  /**
   * Has the browser offer passkeys in the field that has `autocomplete="username webauthn"`, for as long as the page
   * is open, and signs in by the one that is taken. Whatever else shows a passkey meanwhile comes first.
   *
   * @returns null where the browser cannot, and when the signal ends it
   * @throws LatchkeyClientError when the one that was taken is refused; call it again to go on
   */
  autofill(signal: AbortSignal): Promise<Principal | null>;

  /**
   * Has a passkey shown as what `stepUp` and `completeSignIn` take.
   *
   * @throws LatchkeyClientError `client.no_passkey`
   */
  show(signal?: AbortSignal): Promise<ShownFactor>;

  /**
   * Has the authenticator make a passkey. It is no use until `add`.
   *
   * @throws LatchkeyClientError `client.passkey_exists`, `client.no_passkey`; as the server says
   */
  make(signal?: AbortSignal): Promise<MadePasskey>;

  /**
   * Adds it to the account. After `factors.mail_proof_needed` the same is added with a proof.
   *
   * @throws LatchkeyClientError as the server says
   */
  add(made: MadePasskey, more?: { name?: string; proof?: MailedCode }): Promise<Factor>;

  /**
   * Has the browser make a passkey unasked, and adds it: call it right after a sign-in by password. Whether the browser
   * does is its own affair, and the server takes it where PASSKEY_UPGRADE is on and the account has a factor.
   *
   * @returns null when there is none, after five seconds at the latest; never rejects
   */
  upgrade(name?: string): Promise<Factor | null>;

  /** Has the browser forget one that was not added. */
  discard(made: MadePasskey): Promise<void>;

  /**
   * Tells the browser which passkeys the account has, so that it offers no other, and its names. Call it when
   * somebody has signed in, and after a passkey has been removed or the address has changed. Never rejects.
   */
  tellBrowser(): Promise<void>;
}

/** Passkeys for a client of `createClient` in a page. */
export function createPasskeys(client: Signing): Passkeys {
  // A browser asks for one passkey at a time: what fields offer gives way.
  let offering: AbortController | undefined;
  let asking: Promise<unknown> = Promise.resolve();

  const askFirst = (ceremony: () => Promise<RunCeremony>): Promise<RunCeremony> => {
    offering?.abort();
    const answered = ceremony();
    asking = answered.catch(() => undefined);
    return answered;
  };

  const settled = async () => {
    for (let last: unknown = null; last !== asking; await last) last = asking;
  };

  const ask = (signal?: AbortSignal) =>
    askFirst(async () => show(await begin(client, 'show'), { signal }));

  const signInBy = async (shown: RunCeremony): Promise<Principal> => {
    const { challenge, credential } = shown;
    try {
      return await client.signIn('auth/passkeys/sign-in', { challenge, credential });
    } catch (error) {
      if (Object(error).code === 'auth.passkey_unknown') await signalUnknown(shown);
      throw error;
    }
  };

  const signIn = async (signal?: AbortSignal) => signInBy(await ask(signal));

  const offer = async (signal: AbortSignal): Promise<RunCeremony | null> => {
    const round = new AbortController();
    offering = round;
    const end = () => round.abort();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await offerOnce(client, round.signal);
    } finally {
      signal.removeEventListener('abort', end);
    }
  };

  const add: Passkeys['add'] = async ({ challenge, credential }, more) => {
    const body = { challenge, credential, ...more };
    const added = (await client.call('POST', 'auth/passkeys', body)) as Factor;
    await signalCurrent(client);
    return added;
  };

  return {
    get supported() {
      return capabilities() !== undefined;
    },
    signIn,
    autofill: async (signal) => {
      if (!(await canAutofill())) return null;
      while (!signal.aborted) {
        await settled();
        const shown = await offer(signal);
        if (shown === null) continue;
        return signInBy(shown).catch((error) => {
          // The page has slept for longer than a challenge lasts.
          if (Object(error).code === 'auth.proof_invalid') return signIn(signal);
          throw error;
        });
      }
      return null;
    },
    show: async (signal) => {
      const { credential } = await ask(signal);
      return { method: 'passkey', credential };
    },
    make: (signal) => askFirst(async () => make(await begin(client, 'make'), { signal })),
    add,
    upgrade: async (name) => {
      if (!(await canUpgrade())) return null;
      let made: RunCeremony | undefined;
      try {
        const ceremony = await begin(client, 'make', { upgrade: true });
        const signal = AbortSignal.timeout(UPGRADE_MILLISECONDS);
        made = await make(ceremony, { mediation: 'conditional', signal });
        return await add(made, { name });
      } catch {
        if (made) await signalUnknown(made);
        return null;
      }
    },
    discard: signalUnknown,
    tellBrowser: () => signalCurrent(client),
  };
}
