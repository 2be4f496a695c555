import { Injectable } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import {
  DataSource,
  type EntityManager,
  type EntitySubscriberInterface,
  type QueryRunner,
  type TransactionCommitEvent,
  type TransactionRollbackEvent,
} from 'typeorm';
import type { AnnouncedEvent } from './recorded-event.js';

/**
 * Tells the extending team's listeners of every audit event once it is committed, under the name of
 * its action: `@OnEvent('user.registered')`. What is rolled back is never told.
 *
 * For side effects of a team's own: security must not depend on a listener, since a process that
 * dies after the commit announces nothing.
 */
@Injectable()
export class EventAnnouncer implements EntitySubscriberInterface {
  private readonly untilCommit = new WeakMap<QueryRunner, AnnouncedEvent[]>();

  constructor(
    dataSource: DataSource,
    private readonly emitter: EventEmitter2,
  ) {
    dataSource.subscribers.push(this);
  }

  announce(manager: EntityManager, event: AnnouncedEvent): void {
    const runner = manager.queryRunner;
    if (runner?.isTransactionActive === true) {
      this.untilCommit.set(runner, [...(this.untilCommit.get(runner) ?? []), event]);
      return;
    }
    this.tell(event);
  }

  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    const events = this.untilCommit.get(queryRunner) ?? [];
    this.untilCommit.delete(queryRunner);
    for (const event of events) this.tell(event);
  }

  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    this.untilCommit.delete(queryRunner);
  }

  private tell(event: AnnouncedEvent): void {
    this.emitter.emit(event.action, event);
  }
}
