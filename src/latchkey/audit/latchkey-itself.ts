import type { Actor } from './actor.js';

/** The server, when it does by itself what is due. */
export const LATCHKEY_ITSELF: Actor = {
  userId: null,
  sessionId: null,
  ip: '0.0.0.0',
  userAgent: null,
  requestId: 'latchkey',
};
