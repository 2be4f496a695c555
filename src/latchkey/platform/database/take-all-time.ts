import type { EntitySubscriberInterface, TransactionStartEvent } from 'typeorm';

/** Lifts, for each transaction, what the role or the database is set to: migrations take long. */
export class TakeAllTime implements EntitySubscriberInterface {
  async afterTransactionStart({ queryRunner }: TransactionStartEvent): Promise<void> {
    await queryRunner.query(
      'SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0',
    );
  }
}
