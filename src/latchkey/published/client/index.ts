/** `latchkey/client`: stays signed in, in browsers and in Node. See docs/client.md. */
export type {
  AccountCalls,
  LetInApp,
  ListedSession,
  OwnersPassword,
  Profile,
  Proof,
  Requested,
} from './account-calls.js';
export { type Client, type ClientOptions, createClient } from './create-client.js';
export type { ExternalCalls, Identity } from './external-calls.js';
export type { BegunTotp, Factor, FactorCalls, FactorList, MailedCode } from './factor-calls.js';
export type { Principal } from './held-token.js';
export { LatchkeyClientError, type SecondFactorChallenge } from './latchkey-client-error.js';
export type { RefreshTokenStorage } from './refresh-token-storage.js';
export type { AssuranceDemand, OnStepUp, ShownFactor } from './step-up.js';
