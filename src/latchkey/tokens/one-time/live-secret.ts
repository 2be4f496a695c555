/** A live row as its purpose needs it; it holds the key, so never log or return it. */
export interface LiveSecret {
  readonly id: string;
  readonly purpose: string;
  /** The account's id, or what stands for an unknown one; null: about no account. */
  readonly subject: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly boundTo: Buffer | null;
  readonly key: Buffer;
  readonly state: Buffer | null;
  readonly details: Record<string, unknown>;
  readonly expiresInSeconds: number;
}

/** The columns of a live row, as `LiveSecret` names them. */
export const LIVE_SECRET = `id, purpose, subject, user_id AS "userId", session_id AS "sessionId", bound_to AS "boundTo",
  key, state, details,
  ceil(extract(epoch FROM expires_at - clock_timestamp()))::integer AS "expiresInSeconds"`;
export const IS_LIVE = 'consumed_at IS NULL AND expires_at > clock_timestamp()';
