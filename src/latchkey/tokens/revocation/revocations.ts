import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DataSource, type EntityManager } from 'typeorm';
import { findProvided } from '../../platform/ports/find-provided.js';
import { FollowRevocations } from './follow-revocations.js';
import type { Revocation } from './kinds/revocation.js';
import { LiveRevocations } from './live/live-revocations.js';
import { RevocationLog } from './log/revocation-log.js';
import { RevocationPublisher } from './stream/revocation-publisher.js';

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

/** The only way to revoke: with the change that is the reason for it, or not at all. */
@Injectable()
export class Revocations implements OnModuleInit {
  private followers: readonly FollowRevocations[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: RevocationLog,
    private readonly live: LiveRevocations,
    private readonly publisher: RevocationPublisher,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    this.followers = findProvided(this.discovery, FollowRevocations);
  }

  /**
   * Runs `work` in one database transaction, and writes what it revokes to the durable log in it.
   *
   * When the promise resolves, the revocations are committed, in force in this process, and
   * published to Redis if it answered in time; every other instance has them at the latest when
   * it next reads the log. When `work` throws, nothing happened. When the commit itself fails,
   * it may have happened: then this process, too, learns of it from the log.
   */
  async commit<T>(work: (transaction: RevokingTransaction) => Promise<T>): Promise<T> {
    const { result, revocations, neededSeconds } = await this.dataSource.transaction(
      async (manager) => {
        const transaction = new RevokingTransaction(manager);
        const result = await work(transaction);
        const { revocations } = transaction;
        if (revocations.length > 0) await this.follow(manager, revocations);
        const neededSeconds = await this.log.append(manager, revocations);
        return { result, revocations, neededSeconds };
      },
    );
    await this.publisher.publish(this.live.applyNew(revocations, neededSeconds));
    return result;
  }

  private async follow(manager: EntityManager, revocations: readonly Revocation[]): Promise<void> {
    for (const follower of this.followers) await follower.follow(manager, revocations);
  }
}
