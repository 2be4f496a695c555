import { isUUID } from 'class-validator';
import { OPERATOR } from '../../audit/actor.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { OUTBOX_STATES } from '../../platform/outbox/outbox-message.entity.js';
import { OutboxStore } from '../../platform/outbox/outbox-store.js';
import { OutboxMessageView } from '../outbox/outbox.dto.js';
import { outboxErrors } from '../outbox/outbox.errors.js';
import { RetryMessage } from '../outbox/retry-message.js';
import { declareCommand } from './command.js';
import { type Column, itemsOf, JSON_LINES, writeList } from './table.js';
import { print } from './terminal.js';
import { argument, choice } from './values.js';

const COLUMNS: readonly Column<OutboxMessageView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'state', width: 9, of: ({ state }) => state },
  { title: 'kind', width: 16, of: ({ kind }) => kind },
  { title: 'tries', width: 5, of: ({ attempts }) => String(attempts) },
  { title: 'last error', width: 0, of: ({ lastError }) => lastError ?? '' },
];

const listOutboxCommand = declareCommand(
  {
    name: 'outbox list',
    summary: 'List what is to be told, has been told or was given up, the newest first.',
    options: {
      state: choice(OUTBOX_STATES, 'Messages that are so; dead: given up after a day of tries.'),
      json: JSON_LINES,
    },
    examples: ['outbox list --state dead'],
  },
  async ({ state, json }, application) => {
    const store = (await application()).get(OutboxStore);
    const messages = itemsOf(async (cursor) => {
      const { items, nextCursor } = await store.list({ state, cursor, limit: MAX_PAGE_SIZE });
      return { items: items.map(OutboxMessageView.of), nextCursor };
    });
    await writeList(messages, COLUMNS, { json });
  },
);

const retryMessageCommand = declareCommand(
  {
    name: 'outbox retry',
    summary: 'Have services that run try a message again now, also one that was given up.',
    arguments: { message: argument('message-id', 'Its id: outbox list shows it.') },
  },
  async ({ message }, application) => {
    if (!isUUID(message)) throw outboxErrors.notFound();
    const { id } = await (await application()).get(RetryMessage).retry(message, OPERATOR);
    print(`${id} is tried again.`);
  },
);

export const outboxCommands = [listOutboxCommand, retryMessageCommand];
