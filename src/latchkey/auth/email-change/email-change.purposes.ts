import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';

/** Proves the new mailbox. Dead with the session that asked for it. */
export const EMAIL_CHANGE = defineOneTimePurpose({
  name: 'email-change',
  lifetimeSeconds: 3_600,
  diesWith: ['address', 'password'],
  inSession: true,
});

/**
 * Takes a former address back. Nothing that a thief may do to the account makes it worthless, and each
 * change has its own: a second change must not cost the first mailbox its say.
 */
export const EMAIL_CHANGE_UNDO = defineOneTimePurpose({
  name: 'email-change-undo',
  lifetimeSeconds: 604_800,
  diesWith: [],
  severalAtOnce: true,
});
