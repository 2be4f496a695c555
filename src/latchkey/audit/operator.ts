import type { Actor } from './actor.js';

/** Whoever runs the server: acts by its environment or command line, without an account. */
export const OPERATOR: Actor = {
  userId: null,
  sessionId: null,
  ip: '0.0.0.0',
  userAgent: null,
  requestId: 'operator',
};
