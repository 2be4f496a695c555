/** Who is behind a request and where from, for the audit trail. */
export interface Actor {
  /** Null when the request has no signed-in caller. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** An IPv4 or IPv6 address without zone; `0.0.0.0` when it is not known. */
  readonly ip: string;
  /** Free of control characters; at most 512 characters. */
  readonly userAgent: string | null;
  readonly requestId: string;
}

/**
 * The operator of the server, who acts through its environment or command line, without an account.
 */
export const OPERATOR: Actor = {
  userId: null,
  sessionId: null,
  ip: '0.0.0.0',
  userAgent: null,
  requestId: 'operator',
};

/**
 * The server, when it does by itself what is due: a job, or what a payment has bought. It may do
 * everything, so never pass it where a caller asked.
 */
export const SYSTEM: Actor = {
  userId: null,
  sessionId: null,
  ip: '0.0.0.0',
  userAgent: null,
  requestId: 'latchkey',
};
