import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SessionStore } from '../sessions/store/session-store.js';
import { AccountStates } from './account-states.js';
import { IssueOneTimeSecret, type OneTimeRequest, stateOf } from './issue-one-time-secret.js';
import type { LiveSecret } from './live-secret.js';
import { oneTimeErrors } from './one-time.errors.js';
import { OneTimeCodec } from './one-time-codec.js';
import { getOneTimePurpose, type OneTimePurpose } from './one-time-purpose.js';
import { OneTimeStore } from './one-time-store.js';
import { type Proof, ProofJudge } from './proof-judge.js';
import { ShownSecret } from './shown-secret.js';

/** What the client that asked is given. The secret itself goes to its owner: `OneTimeSecrets.reveal`. */
export interface IssuedSecret {
  readonly id: string;
  /** For the client that asked. By itself it proves nothing. */
  readonly ticket: string;
  readonly expiresInSeconds: number;
}

/** What is handed to the owner of a mailbox, say: computed when it is sent, and stored nowhere. */
export interface RevealedSecret {
  readonly userId: string;
  readonly purpose: string;
  readonly token: string;
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly expiresInSeconds: number;
}

/** The one mechanism of every link, code, challenge and ticket that works once. */
@Injectable()
export class OneTimeSecrets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: OneTimeStore,
    private readonly sessions: SessionStore,
    private readonly codec: OneTimeCodec,
    private readonly accounts: AccountStates,
    private readonly issuing: IssueOneTimeSecret,
    private readonly proofs: ProofJudge,
  ) {}

  /**
   * Issues a secret in the caller's transaction, in place of an older one of the same purpose and
   * subject, unless there may be several. Asked again within a minute it is the same one, with what is
   * left of its life. Each time it has another ticket, which bears five wrong codes of its own. An
   * unknown subject takes the same statements as a known one.
   */
  async issue(
    manager: EntityManager,
    purpose: OneTimePurpose,
    request: OneTimeRequest,
  ): Promise<IssuedSecret> {
    const ticketId = uuidv7();
    const secret = await this.issuing.issue(manager, purpose, request, ticketId);
    const { id, expiresInSeconds } = secret;
    return { id, ticket: this.codec.ticket({ ...secret, id: ticketId }), expiresInSeconds };
  }

  /** The same where the client that asks is the one that is to show it: a challenge. */
  async issueToken(
    manager: EntityManager,
    purpose: OneTimePurpose,
    request: OneTimeRequest,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    const secret = await this.issuing.issue(manager, purpose, request, null);
    return { token: this.codec.token(secret), expiresInSeconds: secret.expiresInSeconds };
  }

  /**
   * The secret itself, for its owner; null when it is about no account, or dead by now.
   *
   * @throws Error when this version of Latchkey does not know its purpose
   */
  async reveal(id: string): Promise<RevealedSecret | null> {
    return this.dataSource.transaction(async (manager) => {
      const row = await this.store.find(manager, id);
      if (row === null || row.userId === null) return null;
      const unchanged = await this.isUnchanged(manager, getOneTimePurpose(row.purpose), row);
      if (!unchanged) return null;
      const { userId, purpose, details, expiresInSeconds } = row;
      const token = this.codec.token(row);
      return { userId, purpose, token, code: this.codec.code(row), details, expiresInSeconds };
    });
  }

  /**
   * Whether the proof is good, without consuming it: for what has to be judged before its effect, such
   * as a password. A wrong code costs one of the five tries of its ticket; neither the link nor another
   * ticket suffers by it.
   *
   * @param boundTo what the client keeps, of a secret that is bound to it
   * @throws LatchkeyError `auth.proof_invalid`
   */
  async check(purpose: OneTimePurpose, proof: Proof, boundTo?: string): Promise<ShownSecret> {
    const row = await this.proofs.judge(purpose, proof, boundTo);
    if (row === null) throw oneTimeErrors.proofInvalid();
    return ShownSecret.of(purpose, row);
  }

  /**
   * As `check`, but also says whom a wrong proof is about, where its ticket or its used token says so: for a
   * record of failures. Never act on `shown` unless it `isGood`.
   */
  async examine(
    purpose: OneTimePurpose,
    proof: Proof,
    boundTo?: string,
  ): Promise<
    | { readonly isGood: true; readonly shown: ShownSecret }
    | { readonly isGood: false; readonly shown: Pick<ShownSecret, 'userId'> | null }
  > {
    const row = await this.proofs.judge(purpose, proof, boundTo);
    if (row !== null) return { isGood: true, shown: ShownSecret.of(purpose, row) };
    const about = await ('token' in proof
      ? this.proofs.findConsumed(purpose, proof.token, boundTo)
      : this.proofs.findByTicket(purpose, proof.ticket, boundTo));
    return { isGood: false, shown: about === null ? null : { userId: about.userId } };
  }

  /**
   * What a ticket was issued for, of a secret that is to be proved in another way than by what was sent: by
   * a session of its account, which the caller compares with `userId`. A ticket by itself proves nothing.
   *
   * @param boundTo what the client keeps, of a secret that is bound to it
   * @throws LatchkeyError `auth.proof_invalid`
   */
  async checkTicket(
    purpose: OneTimePurpose,
    ticket: string,
    boundTo?: string,
  ): Promise<ShownSecret> {
    const row = await this.proofs.findByTicket(purpose, ticket, boundTo);
    if (row === null) throw oneTimeErrors.proofInvalid();
    return ShownSecret.of(purpose, row);
  }

  /** Whether a token is live, whoever shows it: also where a client cannot show what it is bound to. */
  async isIssued(purpose: OneTimePurpose, token: string): Promise<boolean> {
    return (await this.proofs.findIssued(purpose, token)) !== null;
  }

  /** Whether this is a ticket that came with the secret: whoever has it is a client that asked. */
  isTicketOf(shown: ShownSecret, ticket: string): boolean {
    const { row } = ShownSecret.partsOf(shown);
    const parsed = this.codec.parse(ticket);
    if (parsed?.kind !== 'ticket') return false;
    // The MAC is keyed by the secret's own key: a ticket of another one does not match.
    return this.codec.matches(parsed, { ...row, id: parsed.id });
  }

  /**
   * Consumes what `check` found good, in the transaction of its effect: of any number at once one
   * succeeds. What else is good for the same purpose and subject goes with it. When the transaction is
   * rolled back nothing has been consumed.
   *
   * @throws LatchkeyError `auth.proof_invalid` when it has been consumed, replaced or has expired
   *   since, or what it was issued for has changed; roll back then
   */
  async consume(manager: EntityManager, shown: ShownSecret): Promise<void> {
    const { purpose, row } = ShownSecret.partsOf(shown);
    const { sessionId } = row;
    if (!(await this.isUnchanged(manager, purpose, row))) throw oneTimeErrors.proofInvalid();
    if (!(await this.store.consume(manager, row.id))) throw oneTimeErrors.proofInvalid();
    if (purpose.anybodyMayAsk) await this.store.consumeOthers(manager, row);
    if (!purpose.inSession) return;
    const live = sessionId !== null && (await this.sessions.isLive(manager, sessionId));
    if (!live) throw oneTimeErrors.proofInvalid();
  }

  /**
   * Uses up what somebody else has issued, as a token of a provider: of any number that show it, on however many
   * instances, the first goes on. It is remembered for the lifetime of the purpose, which has to be longer than
   * what was issued is good.
   *
   * @param shown what tells it from everything else of the purpose
   * @returns whether it was this call that used it up; when the transaction is rolled back, none has
   */
  spend(
    manager: EntityManager,
    purpose: OneTimePurpose,
    shown: readonly string[],
  ): Promise<boolean> {
    return this.issuing.spend(manager, purpose, shown);
  }

  /** Keeps with it what its redemption has given, in the transaction of that: see `findConsumed`. */
  async note(
    manager: EntityManager,
    shown: ShownSecret,
    given: Record<string, unknown>,
  ): Promise<void> {
    await this.store.addDetails(manager, ShownSecret.partsOf(shown).row.id, given);
  }

  /**
   * What a token was issued and has been redeemed for, whoever shows it again; null for any other text, and for one
   * that is still good. It is known for a day.
   */
  async findConsumed(
    purpose: OneTimePurpose,
    token: string,
    boundTo?: string,
  ): Promise<ShownSecret | null> {
    const row = await this.proofs.findConsumed(purpose, token, boundTo);
    return row === null ? null : ShownSecret.of(purpose, row);
  }

  /**
   * `check` and `consume` with an effect in one transaction.
   *
   * @throws LatchkeyError `auth.proof_invalid`, or whatever the effect throws; nothing is consumed then
   */
  async redeem<T>(
    purpose: OneTimePurpose,
    proof: Proof,
    effect: (manager: EntityManager, shown: ShownSecret) => Promise<T>,
    boundTo?: string,
  ): Promise<T> {
    const shown = await this.check(purpose, proof, boundTo);
    return this.dataSource.transaction(async (manager) => {
      await this.consume(manager, shown);
      return effect(manager, shown);
    });
  }

  /**
   * Makes worthless what was issued to the same account for the same purpose after it: what somebody
   * else has brought about in the meantime.
   */
  async withdrawNewer(manager: EntityManager, shown: ShownSecret): Promise<void> {
    const { row } = ShownSecret.partsOf(shown);
    await this.store.deleteNewer(manager, row.id);
  }

  /** What was said when the first was issued of those that the account can still redeem; null: there is none. */
  findOldestDetails(
    manager: EntityManager,
    { name }: OneTimePurpose,
    userId: string,
  ): Promise<Record<string, unknown> | null> {
    return this.store.findOldestDetails(manager, name, userId);
  }

  /** What stands for an unknown address is issued for nothing, and so is good for nothing. */
  private async isUnchanged(
    manager: EntityManager,
    purpose: OneTimePurpose,
    { subject, userId, state }: LiveSecret,
  ): Promise<boolean> {
    if (userId === null) return subject === null;
    const account = await this.accounts.lock(manager, userId);
    return account?.active === true && state?.equals(stateOf(purpose, account)) === true;
  }
}
