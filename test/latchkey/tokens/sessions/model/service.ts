import { DataSource } from 'typeorm';
import type { Actor } from '../../../../../src/latchkey/audit/actor.js';
import { RefreshSession } from '../../../../../src/latchkey/auth/session/refresh-session.js';
import { SignOut } from '../../../../../src/latchkey/auth/session/sign-out.js';
import { LatchkeyError } from '../../../../../src/latchkey/platform/errors/latchkey-error.js';
import { PASSWORD } from '../../../../../src/latchkey/tokens/assurance/factor.js';
import { Revocations } from '../../../../../src/latchkey/tokens/revocation/revocations.js';
import { SessionEnder } from '../../../../../src/latchkey/tokens/sessions/session-ender.js';
import { Sessions } from '../../../../../src/latchkey/tokens/sessions/sessions.js';
import type { TestApp } from '../../../../support/test-app.js';
import type { Outcome } from './family-model.js';

const ACTOR: Actor = {
  userId: null,
  sessionId: null,
  ip: '127.0.0.1',
  userAgent: null,
  requestId: 'model',
};

const REFUSALS: Readonly<Record<string, Outcome>> = {
  'auth.refresh_reused': 'reused',
  'auth.session_revoked': 'revoked',
  'auth.session_expired': 'expired',
};

/** What one instance of the application does with sessions, without HTTP: that is what costs. */
export class Service {
  private readonly dataSource: DataSource;
  private readonly sessions: Sessions;
  private readonly refreshing: RefreshSession;
  private readonly signOut: SignOut;
  private readonly revocations: Revocations;
  private readonly ender: SessionEnder;

  constructor({ nest }: TestApp) {
    this.dataSource = nest.get(DataSource);
    this.sessions = nest.get(Sessions, { strict: false });
    this.refreshing = nest.get(RefreshSession, { strict: false });
    this.signOut = nest.get(SignOut, { strict: false });
    this.revocations = nest.get(Revocations, { strict: false });
    this.ender = nest.get(SessionEnder, { strict: false });
  }

  async start(userId: string): Promise<{ sessionId: string; refreshToken: string }> {
    const { session, refreshToken } = await this.sessions.start(this.dataSource.manager, {
      userId,
      factors: [PASSWORD.shown()],
      actor: ACTOR,
    });
    return { sessionId: session.id, refreshToken };
  }

  async refresh(token: string): Promise<{ outcome: Outcome; refreshToken?: string }> {
    try {
      const { refreshToken } = await this.refreshing.refresh(token, ACTOR);
      return { outcome: 'granted', refreshToken };
    } catch (error) {
      const outcome = error instanceof LatchkeyError ? REFUSALS[error.code] : undefined;
      if (outcome === undefined) throw error;
      return { outcome };
    }
  }

  async logout(sessionId: string, userId: string): Promise<void> {
    await this.signOut.end({ id: sessionId, userId }, ACTOR);
  }

  async endByAdministrator(sessionId: string): Promise<void> {
    await this.revocations.commit((transaction) =>
      this.ender.endOne(transaction, sessionId, { reason: 'admin', actor: ACTOR }),
    );
  }
}
