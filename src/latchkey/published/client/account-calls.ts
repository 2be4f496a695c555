import type { Principal } from './held-token.js';
import type { ShownFactor } from './step-up.js';

/** What a mail handed over: the token of its link; or its code, with the ticket of who asked. */
export type Proof = { readonly token: string } | { readonly ticket: string; readonly code: string };

/** The account's password, or one in its place. */
export type OwnersPassword = { readonly password: string } | { readonly newPassword: string };

/** What asking for a mail is answered, for every address alike. */
export interface Requested {
  /** To be shown with the code of the mail. */
  readonly ticket: string;
  /** How long link and code are good, in seconds. */
  readonly expiresIn: number;
}

/** The user's account. */
export interface Profile {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** The language of mails, such as `de`; null: that of each request. */
  readonly locale: string | null;
  readonly roles: readonly string[];
  readonly createdAt: string;
}

/** One of the user's sessions. */
export interface ListedSession {
  readonly id: string;
  /** Whether it is this client's. */
  readonly current: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
  readonly ip: string;
  readonly userAgent: string;
}

/** An app that the user has let in. */
export interface LetInApp {
  readonly client: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly createdAt: string;
}

/**
 * What owners do with their account. Each call is one route, and rejects with a LatchkeyClientError
 * that has the server's code (docs/account-life.md, docs/errors.md).
 */
export interface AccountCalls {
  /**
   * Shows the second factor that a sign-in was refused for (`auth.second_factor_required`, whose error has
   * the challenge). A wrong code (`auth.factor_invalid`) leaves the challenge good.
   */
  completeSignIn(challenge: string, shown: ShownFactor): Promise<Principal>;
  /** Has a mail sent by which its owner proves that the address is theirs. */
  requestVerification(email: string): Promise<Requested>;
  /**
   * Marks the address as its owner's. After `auth.password_needed` the same proof is sent with the
   * account's password, or with a new one in its place.
   */
  confirmVerification(proof: Proof, owners?: OwnersPassword): Promise<void>;
  /** Has a mail sent by which a forgotten password is replaced. */
  requestRecovery(email: string): Promise<Requested>;
  /** Sets a new password. Every session of the account ends, and none begins. */
  completeRecovery(proof: Proof, newPassword: string): Promise<void>;
  /** Has a mail sent by which its reader signs in, where this client asked for it. */
  requestEmailSignIn(email: string): Promise<Requested>;
  /** A link is good in the browser that asked, or with the ticket; a code always comes with it. */
  completeEmailSignIn(proof: Proof): Promise<Principal>;
  /** Has a mail sent to another address, which is the account's once that mailbox has confirmed. */
  requestEmailChange(newEmail: string): Promise<Requested>;
  confirmEmailChange(proof: Proof): Promise<void>;
  /** Takes the former address back, by the link that its mailbox got. Every session ends. */
  undoEmailChange(token: string): Promise<void>;
  /** Sets the first password of an account that an administrator has made. */
  acceptInvitation(proof: Proof, newPassword: string, name?: string): Promise<void>;
  /** Ends every session of an account, by the link of a notice. */
  endAllSessions(token: string): Promise<void>;
  getProfile(): Promise<Profile>;
  /** What is absent stays as it is; null takes it away. */
  updateProfile(changes: Partial<Pick<Profile, 'name' | 'locale'>>): Promise<Profile>;
  /** All of the user's sessions, the last used first. */
  listSessions(): Promise<ListedSession[]>;
  endSession(id: string): Promise<void>;
  /** The apps that the user has let in. */
  listApps(): Promise<LetInApp[]>;
  /** Ends at once what the app holds of the user. */
  removeApp(clientId: string): Promise<void>;
  /** Everything that is held of the user. Takes a fresh sign-in, as `deleteAccount` does. */
  exportAccount(): Promise<unknown>;
  /** Deletes the account, and with it this session. */
  deleteAccount(): Promise<void>;
}

/** How calls are made. */
export interface Means {
  /** Without the session. */
  post(path: string, body: object): Promise<unknown>;
  /** In the user's name. */
  ask(method: string, path: string, body?: object): Promise<unknown>;
  /** The same by POST, after which this session is over. */
  askLast(path: string): Promise<unknown>;
  signIn(path: string, proof: object): Promise<Principal>;
  refresh(): Promise<Principal | null>;
  /** Leads the page there, by a path of the server. */
  leadTo(path: string): void;
}

const PROFILE = 'users/me';
const EMAIL_SIGN_IN = 'auth/email-sign-in';
const EMAIL_CHANGE = 'auth/email-change';
const SESSIONS = 'auth/sessions';
const CONSENTS = 'auth/consents';

/** Answers are taken at their word: the server's types are those of its API description. */
export function accountCalls({
  post,
  ask,
  askLast,
  signIn,
}: Omit<Means, 'refresh' | 'leadTo'>): AccountCalls {
  const requested = (path: string, body: object) => post(path, body) as Promise<Requested>;
  const done = (answer: Promise<unknown>) => answer.then(() => undefined);
  return {
    completeSignIn: (challenge, shown) =>
      signIn('auth/login/second-factor', { ...shown, challenge }),
    requestVerification: (email) => requested('auth/email-verification/request', { email }),
    confirmVerification: (proof, owners) =>
      done(post('auth/email-verification/confirm', { ...proof, ...owners })),
    requestRecovery: (email) => requested('auth/recovery/request', { email }),
    completeRecovery: (proof, newPassword) =>
      done(post('auth/recovery/complete', { ...proof, newPassword })),
    requestEmailSignIn: (email) => requested(`${EMAIL_SIGN_IN}/request`, { email }),
    completeEmailSignIn: (proof) => signIn(`${EMAIL_SIGN_IN}/complete`, proof),
    requestEmailChange: (newEmail) =>
      ask('POST', `${EMAIL_CHANGE}/request`, { newEmail }) as Promise<Requested>,
    confirmEmailChange: (proof) => done(post(`${EMAIL_CHANGE}/confirm`, proof)),
    undoEmailChange: (token) => done(post(`${EMAIL_CHANGE}/undo`, { token })),
    acceptInvitation: (proof, newPassword, name) =>
      done(post('auth/invitation/accept', { ...proof, newPassword, ...(name && { name }) })),
    endAllSessions: (token) => done(post(`${SESSIONS}/end-all`, { token })),
    getProfile: () => ask('GET', PROFILE) as Promise<Profile>,
    updateProfile: (changes) => ask('PATCH', PROFILE, changes) as Promise<Profile>,
    listSessions: async () => {
      const sessions: ListedSession[] = [];
      let cursor = '';
      do {
        const page = Object(await ask('GET', `${SESSIONS}?limit=100${cursor}`));
        sessions.push(...page.items);
        cursor = page.nextCursor ? `&cursor=${encodeURIComponent(page.nextCursor)}` : '';
      } while (cursor);
      return sessions;
    },
    listApps: async () => Object(await ask('GET', CONSENTS)).items,
    removeApp: (clientId) => done(ask('DELETE', `${CONSENTS}/${clientId}`)),
    exportAccount: () => ask('GET', 'auth/account/export'),
    deleteAccount: () => done(askLast('auth/account/delete')),
    endSession: (id) => done(ask('DELETE', `${SESSIONS}/${id}`)),
  };
}
