import type { EntityManager } from 'typeorm';
import type { Revocation } from './revocation.js';

/** A database transaction whose commit also revokes. Made by `Revocations.commit`. */
export class RevokingTransaction {
  private readonly collected: Revocation[] = [];

  constructor(readonly manager: EntityManager) {}

  /** What has been revoked so far. */
  get revocations(): readonly Revocation[] {
    return this.collected;
  }

  /** In force everywhere once the transaction has committed, and never if it has not. */
  revoke(revocation: Revocation): void {
    this.collected.push(revocation);
  }
}
