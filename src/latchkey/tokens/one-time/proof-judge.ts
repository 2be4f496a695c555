import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LiveSecret } from './live-secret.js';
import { digest, OneTimeCodec } from './one-time-codec.js';
import type { OneTimePurpose } from './one-time-purpose.js';
import { OneTimeStore } from './one-time-store.js';

/** What somebody shows: the token of a link, or a code with the ticket of the client that asked. */
export type Proof = { readonly token: string } | { readonly ticket: string; readonly code: string };

/** Finds the live secret that a proof is good for. Whether its account is still the same is not asked here. */
@Injectable()
export class ProofJudge {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: OneTimeStore,
    private readonly codec: OneTimeCodec,
  ) {}

  /**
   * Null when the proof is wrong, of another purpose or for another client. A wrong code costs its ticket a try.
   *
   * @param boundTo what the client keeps, of a secret that is bound to it
   */
  judge(
    purpose: OneTimePurpose,
    proof: Proof,
    boundTo: string | undefined,
  ): Promise<LiveSecret | null> {
    return 'token' in proof
      ? this.findByToken(purpose, proof.token, boundTo)
      : this.findByCode(purpose, proof, boundTo);
  }

  /** The same token once it has been redeemed: null while it is live, and when it is wrong. */
  async findConsumed(
    purpose: OneTimePurpose,
    token: string,
    boundTo: string | undefined,
  ): Promise<LiveSecret | null> {
    const parsed = this.codec.parse(token);
    if (parsed?.kind !== 'token') return null;
    const row = await this.store.findConsumed(this.dataSource.manager, parsed.id);
    if (row === null || row.purpose !== purpose.name) return null;
    return this.codec.matches(parsed, row) && isBoundTo(row, boundTo) ? row : null;
  }

  private async findByToken(
    purpose: OneTimePurpose,
    token: string,
    boundTo: string | undefined,
  ): Promise<LiveSecret | null> {
    const row = await this.findIssued(purpose, token);
    return row !== null && isBoundTo(row, boundTo) ? row : null;
  }

  /** By its token, whoever shows it. */
  findIssued(purpose: OneTimePurpose, token: string): Promise<LiveSecret | null> {
    return this.find(purpose, 'token', token);
  }

  /** By the ticket of the client that asked, which proves nothing else. */
  async findByTicket(
    purpose: OneTimePurpose,
    ticket: string,
    boundTo: string | undefined,
  ): Promise<LiveSecret | null> {
    const row = await this.find(purpose, 'ticket', ticket);
    return row !== null && isBoundTo(row, boundTo) ? row : null;
  }

  private async find(
    purpose: OneTimePurpose,
    kind: 'token' | 'ticket',
    text: string,
  ): Promise<LiveSecret | null> {
    const parsed = this.codec.parse(text);
    if (parsed?.kind !== kind) return null;
    const { manager } = this.dataSource;
    const row = await (kind === 'token'
      ? this.store.find(manager, parsed.id)
      : this.store.findByTicket(manager, parsed.id));
    if (row === null || row.purpose !== purpose.name) return null;
    return this.codec.matches(parsed, { ...row, id: parsed.id }) ? row : null;
  }

  /** One after the other: a hundred guesses at once with one ticket have five tries between them. */
  private async findByCode(
    purpose: OneTimePurpose,
    { ticket, code }: { readonly ticket: string; readonly code: string },
    boundTo: string | undefined,
  ): Promise<LiveSecret | null> {
    const parsed = this.codec.parse(ticket);
    if (parsed?.kind !== 'ticket') return null;
    return this.dataSource.transaction(async (manager) => {
      const row = await this.store.lockByTicket(manager, parsed.id);
      if (row === null || row.purpose !== purpose.name) return null;
      if (!this.codec.matches(parsed, { ...row, id: parsed.id })) return null;
      if (!isBoundTo(row, boundTo)) return null;
      if (this.codec.codeMatches(code, row)) return row;
      await this.store.countWrongCode(manager, parsed.id);
      return null;
    });
  }
}

function isBoundTo({ boundTo }: LiveSecret, shown: string | undefined): boolean {
  return boundTo === null || (shown !== undefined && boundTo.equals(digest(shown)));
}
