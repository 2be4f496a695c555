import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { SideConnection } from '../database/connection/side-connection.js';
import { OUTBOX_CHANNEL } from './outbox.js';

/** The connection of the workers: they need none of those that requests wait for. */
@Injectable()
export class OutboxConnection extends SideConnection {
  /** Emits `woken` when a message has been put in, by whatever instance, with its kind; empty: of any. */
  readonly events = new EventEmitter();

  private readonly listening = new WeakSet<pg.ClientBase>();

  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.use(async (client) => {
      await this.listen(client);
      return (await client.query<Row>(text, values)).rows;
    });
  }

  /** Behind a pooler in transaction mode it is of no use, and the workers look by themselves. */
  private async listen(client: pg.ClientBase): Promise<void> {
    if (this.listening.has(client)) return;
    this.listening.add(client);
    client.on('notification', ({ payload = '' }) => this.events.emit('woken', payload));
    await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
  }
}
