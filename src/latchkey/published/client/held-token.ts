import { LatchkeyClientError } from './latchkey-client-error.js';

/** Who is signed in, as the access token says. For display: only the server decides by it. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Roles that the user holds and that demand more than the session has shown: `stepUp`. */
  readonly withheld: readonly string[];
  /** Every claim of the token, your own included. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Reads the claims and verifies nothing: the token came from the server by TLS. */
export function principalOf(accessToken: string): Principal {
  const payload = accessToken.split('.')[1] ?? '';
  const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  const claims = JSON.parse(text);
  const { sub: userId, sid: sessionId, roles, permissions, withheld = [] } = claims;
  return { userId, sessionId, roles, permissions, withheld, claims };
}

const REFRESH_AHEAD = 0.1;
const LONGEST_REFRESH_AHEAD_SECONDS = 30;

/** An access token as it is received, and as tabs hand it on. */
export interface ReceivedToken {
  readonly accessToken: string;
  /** Seconds, from when it was received. */
  readonly expiresIn: number;
  /** By `Date.now()` of this machine. */
  readonly receivedAt: number;
}

/**
 * An access token in memory.
 *
 * Its age is what has passed since it was received, never a comparison with the server's times, so
 * that a wrong clock does no harm. Two clocks tell it and the larger answer counts: the monotonic
 * one stands still in some browsers while the machine sleeps, the other one can be set back.
 */
export class HeldToken {
  readonly principal: Principal;
  /** Refused although it had just been renewed: another one would be refused as well. */
  refusedWhenNew = false;
  private readonly heldSince: number;

  /** @throws SyntaxError or such when it is no access token */
  constructor(readonly received: ReceivedToken) {
    this.principal = principalOf(received.accessToken);
    this.heldSince = performance.now();
  }

  get accessToken(): string {
    return this.received.accessToken;
  }

  isOfUserOf({ principal }: HeldToken): boolean {
    return this.principal.userId === principal.userId;
  }

  /** Whether to get another one before it is sent again. */
  get isDue(): boolean {
    const { expiresIn } = this.received;
    const ahead = Math.min(expiresIn * REFRESH_AHEAD, LONGEST_REFRESH_AHEAD_SECONDS);
    return this.ageSeconds > expiresIn - ahead;
  }

  get isExpired(): boolean {
    return this.ageSeconds > this.received.expiresIn;
  }

  private get ageSeconds(): number {
    const monotonic = performance.now() - this.heldSince;
    return Math.max(monotonic, Date.now() - this.received.receivedAt) / 1_000;
  }
}

/** What signing in and refreshing are answered. */
export interface TokenResponse {
  readonly held: HeldToken;
  /** With body delivery. */
  readonly refreshToken: string | null;
}

/** @throws LatchkeyClientError `client.unexpected_answer` when it is something else */
export function readTokenResponse(answer: unknown): TokenResponse {
  const { accessToken, expiresIn, refreshToken = null } = Object(answer);
  return { held: readToken({ accessToken, expiresIn, receivedAt: Date.now() }), refreshToken };
}

/** @throws LatchkeyClientError `client.unexpected_answer` when it is none */
export function readToken(token: ReceivedToken): HeldToken {
  try {
    return new HeldToken(token);
  } catch (cause) {
    throw new LatchkeyClientError('client.unexpected_answer', 'The answer holds no token.', {
      cause,
    });
  }
}
