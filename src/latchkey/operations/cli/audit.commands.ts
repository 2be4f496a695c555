import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { isUUID } from 'class-validator';
import { AuditEventsFilter, type AuditEventView } from '../../audit/audit-events.dto.js';
import { AuditHistory } from '../../audit/audit-history.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { printable } from '../../platform/http/validation/plain-text.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import { findUser } from './accounts.commands.js';
import type { Command } from './command.js';
import { complain, writeTo } from './terminal.js';

const EVENTS_PER_PROGRESS_LINE = 10_000;
/** Events name people and addresses. */
const FOR_THE_OWNER_ALONE = 0o600;

/** As `GET /admin/audit-events`, by the same rules: one item of it a line, but the oldest first. */
export const auditExportCommand: Command = {
  name: 'audit export',
  usage:
    '[--about id or address] [--from time] [--to time] [--action name] [--actor id] [--target id] [--anomaly name] [--after id] [--out file]',
  summary:
    'Write audit events as NDJSON, the oldest first. --about: all that an account did and that was done to it, also once it has been deleted. --after: continue after this event.',
  async run(args, application) {
    const option = { type: 'string' } as const;
    const { values } = parseArgs({
      args,
      options: {
        about: option,
        from: option,
        to: option,
        action: option,
        actor: option,
        target: option,
        anomaly: option,
        after: option,
        out: option,
      },
    });
    const { about, actor, target, after, out, ...rest } = values;
    if (after !== undefined && !isUUID(after)) {
      throw new StartupError('Give the id of the event to continue after: --after <id>');
    }
    const context = await application();
    const userId =
      about && (isUUID(about) ? about : (await findUser(context, [about], 'audit')).id);
    const filter = await requestValidation().transform(
      { ...rest, actorId: actor, targetId: target, userId },
      { type: 'body', metatype: AuditEventsFilter },
    );
    const events = context.get(AuditHistory).readAll(filter, after);
    if (out === undefined) return writeTo(process.stdout, toLines(events));
    await writeTo(await createFile(out), toLines(withProgress(events, out)));
  },
};

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
