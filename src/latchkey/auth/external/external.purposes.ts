import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';

/** How long somebody may take at a provider. */
export const EXTERNAL_SECONDS = 600;

/** The `state` of a sign-in. Several at once: each tab has its own. */
export const EXTERNAL_SIGN_IN = defineOneTimePurpose({
  name: 'external-sign-in',
  lifetimeSeconds: EXTERNAL_SECONDS,
  diesWith: [],
  severalAtOnce: true,
});

/** The `state` where somebody who is signed in adds an identity. */
export const EXTERNAL_LINK = defineOneTimePurpose({
  name: 'external-link',
  lifetimeSeconds: EXTERNAL_SECONDS,
  diesWith: [],
  inSession: true,
  severalAtOnce: true,
});

/** What a page takes to the start, where a browser shows no access token. */
export const EXTERNAL_LINK_TICKET = defineOneTimePurpose({
  name: 'external-link-ticket',
  lifetimeSeconds: 120,
  diesWith: [],
  inSession: true,
  severalAtOnce: true,
});

/**
 * The ID token that an app shows, which the provider has issued. Remembered for longer than any is good
 * (`verifyIdToken`).
 */
export const EXTERNAL_TOKEN = defineOneTimePurpose({
  name: 'external-token',
  lifetimeSeconds: 900,
  diesWith: [],
  severalAtOnce: true,
});
