import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { ANOMALIES } from '../../audit/anomalies.js';
import { AuditEventsFilter, type AuditEventView } from '../../audit/audit-events.dto.js';
import { AuditHistory } from '../../audit/audit-history.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { printable } from '../../platform/http/validation/plain-text.js';
import { findUser } from './account.js';
import { declareCommand } from './command.js';
import { type Column, firstOf, itemsOf, JSON_LINES, writeList } from './table.js';
import { complain, writeTo } from './terminal.js';
import { validated } from './validated.js';
import { choice, otherwise, text, type ValuesOf, wholeNumber } from './values.js';

const EVENTS_PER_PROGRESS_LINE = 10_000;
/** Events name people and addresses. */
const FOR_THE_OWNER_ALONE = 0o600;

const MOST_LISTED = 10_000;

const FILTERS = {
  about: text('account', 'All that it did and that was done to it, by its id also once deleted.'),
  from: text('time', 'At this time or later.'),
  to: text('time', 'Before this time.'),
  action: text('name', 'Events of this action: docs/audit.md.'),
  actor: text('id', 'What this account did.'),
  target: text('id', 'What was done to this user, session, role, client or key.'),
  anomaly: choice(ANOMALIES, 'Events with this mark.'),
} as const;

const listAuditCommand = declareCommand(
  {
    name: 'audit list',
    summary: 'List the latest audit events that meet all conditions, the newest first.',
    options: {
      ...FILTERS,
      limit: otherwise(50, wholeNumber('n', 'How many.', { min: 1, max: MOST_LISTED })),
      json: JSON_LINES,
    },
    examples: [
      'audit list --about ada@example.com',
      'audit list --action sign_in.failed --from 2026-11-01T00:00:00Z --limit 200',
    ],
  },
  async ({ limit, json, ...filters }, application) => {
    const context = await application();
    const filter = await filterOf(context, filters);
    const history = context.get(AuditHistory);
    const size = Math.min(limit, MAX_PAGE_SIZE);
    const events = itemsOf((cursor) => history.list({ ...filter, limit: size, cursor }));
    await writeList(firstOf(limit, events), EVENT_COLUMNS, { json });
  },
);

/** As `GET /admin/audit-events`, by the same rules: one item of it a line, but the oldest first. */
const auditExportCommand = declareCommand(
  {
    name: 'audit export',
    summary: 'Write the audit events that meet all conditions as NDJSON, the oldest first.',
    options: {
      ...FILTERS,
      after: text('id', 'Continue after this event.'),
      out: text('file', 'A new file to write to, and progress to standard error.'),
    },
    examples: [
      'audit export --about ada@example.com',
      'audit export --from 2026-11-01T00:00:00Z --out november.ndjson',
    ],
  },
  async ({ after, out, ...filters }, application) => {
    if (after !== undefined && !isUUID(after)) {
      throw new StartupError('Give the id of the event to continue after: --after <id>');
    }
    const context = await application();
    const events = context.get(AuditHistory).readAll(await filterOf(context, filters), after);
    if (out === undefined) return writeTo(process.stdout, toLines(events));
    await writeTo(await createFile(out), toLines(withProgress(events, out)));
  },
);

export const auditCommands = [listAuditCommand, auditExportCommand];

async function filterOf(
  context: INestApplicationContext,
  filters: ValuesOf<{ options: typeof FILTERS }>,
): Promise<AuditEventsFilter> {
  const { about, actor: actorId, target: targetId, ...rest } = filters;
  const userId = about && (isUUID(about) ? about : (await findUser(context, about)).id);
  return validated(AuditEventsFilter, { ...rest, actorId, targetId, userId });
}

async function createFile(path: string): Promise<Writable> {
  try {
    return (await open(path, 'wx', FOR_THE_OWNER_ALONE)).createWriteStream();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' ? 'it is there already' : String(code);
    throw new StartupError(`${path} cannot be made (${reason}).`, { cause });
  }
}

async function* toLines(events: AsyncIterable<AuditEventView>): AsyncGenerator<string> {
  for await (const event of events) yield `${printable(JSON.stringify(event))}\n`;
}

async function* withProgress(
  events: AsyncIterable<AuditEventView>,
  path: string,
): AsyncGenerator<AuditEventView> {
  let count = 0;
  for await (const event of events) {
    yield event;
    count += 1;
    if (count % EVENTS_PER_PROGRESS_LINE === 0) {
      complain(`${count} events, up to ${event.createdAt}`);
    }
  }
  complain(`${count} events written to ${path}`);
}

const EVENT_COLUMNS: readonly Column<AuditEventView>[] = [
  { title: 'time', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'action', width: 24, of: ({ action }) => action },
  { title: 'outcome', width: 7, of: ({ outcome }) => outcome },
  { title: 'actor', width: 36, of: ({ actorId }) => actorId ?? '' },
  { title: 'target', width: 44, of: ({ targetType, targetId }) => nameOf(targetType, targetId) },
  { title: 'address', width: 15, of: ({ ip }) => ip ?? '' },
  {
    title: 'reason',
    width: 0,
    of: ({ reason, anomalies }) => [reason ?? '', ...anomalies].join(' ').trim(),
  },
];

function nameOf(type: string | null, id: string | null): string {
  return type === null ? '' : `${type} ${id ?? ''}`.trim();
}
