import { isUUID } from 'class-validator';
import { OPERATOR } from '../../audit/actor.js';
import { MAX_PAGE_SIZE } from '../../platform/http/answers/page.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { RevokeSessions } from '../../tokens/sessions/admin/revoke-sessions.js';
import {
  ListSessionsQuery,
  RevokeSessionsBody,
} from '../../tokens/sessions/admin/session-requests.dto.js';
import { SessionSearch } from '../../tokens/sessions/admin/session-search.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { type AdminSessionView, SESSION_STATES } from '../../tokens/sessions/sessions.dto.js';
import { sessionsErrors } from '../../tokens/sessions/tokens.errors.js';
import { findUser } from './account.js';
import { declareCommand } from './command.js';
import { type Column, itemsOf, JSON_LINES, writeList } from './table.js';
import { print } from './terminal.js';
import { validated } from './validated.js';
import { argument, choice, flag, required, text } from './values.js';

const CONDITIONS = {
  role: text('name', 'Of those who hold this role now.'),
  ip: text('address', 'Started or last used from this IP address or range (CIDR).'),
  userAgent: text('text', 'A part of the user agent that they were started or last used with.'),
  createdBefore: text('time', 'Started before this time.'),
} as const;

const listSessionsCommand = declareCommand(
  {
    name: 'sessions list',
    summary: 'List the sessions that meet all conditions, the newest first.',
    options: {
      user: text('account', 'Of this account: its id, or its address.'),
      ...CONDITIONS,
      createdAfter: text('time', 'Started at this time or later.'),
      state: choice(SESSION_STATES, 'Sessions that are so; without it, live ones.'),
      json: JSON_LINES,
    },
    examples: ['sessions list --user ada@example.com', 'sessions list --state ended --json'],
  },
  async ({ user, json, ...conditions }, application) => {
    const query = await validated(ListSessionsQuery, {
      ...given(conditions),
      limit: MAX_PAGE_SIZE,
    });
    const context = await application();
    const userId = user === undefined ? undefined : (await findUser(context, user)).id;
    const search = context.get(SessionSearch);
    const sessions = itemsOf((cursor) => search.list({ ...query, userId, cursor }));
    await writeList(sessions, SESSION_COLUMNS, { json });
  },
);

/** As `POST /admin/sessions/revoke`, by the same rules. */
const revokeSessionsCommand = declareCommand(
  {
    name: 'sessions revoke',
    summary: 'End every session that meets all given conditions, at once on every instance.',
    options: {
      reason: required(text('text', 'Why, for the audit trail.')),
      all: flag('Everyone: the emergency stop. Stands alone.'),
      user: text('id', 'Of this account.'),
      ...CONDITIONS,
      dryRun: flag('Only say how many sessions match.'),
    },
    examples: [
      'sessions revoke --ip 203.0.113.0/24 --reason "A network was broken into." --dry-run',
      'sessions revoke --all --reason "A backup was stolen."',
    ],
  },
  async ({ reason, all, dryRun, user, ...conditions }, application) => {
    const filter = { ...conditions, userId: user, ...(all && { all }) };
    const body = await validated(RevokeSessionsBody, { filter, reason, dryRun });
    const revocation = (await application()).get(RevokeSessions);
    const { matched, revoked } = await revocation.revoke(body, OPERATOR);
    print(dryRun ? `${matched} sessions match.` : `${revoked} sessions ended.`);
  },
);

const endSessionCommand = declareCommand(
  {
    name: 'sessions end',
    summary: 'End one session, at once on every instance.',
    arguments: { session: argument('session-id', 'Its id: sessions list shows it.') },
  },
  async ({ session }, application) => {
    if (!isUUID(session)) throw sessionsErrors.notFound();
    const context = await application();
    const ended = await context
      .get(Revocations)
      .commit((transaction) =>
        context
          .get(SessionEnder)
          .endOne(transaction, session, { reason: 'admin', actor: OPERATOR }),
      );
    if (!ended) throw sessionsErrors.notFound();
    print(`${session} is ended.`);
  },
);

export const sessionsCommands = [listSessionsCommand, endSessionCommand, revokeSessionsCommand];

/** What is absent is left to its default. */
function given(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const SESSION_COLUMNS: readonly Column<AdminSessionView>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'user', width: 36, of: ({ userId }) => userId },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt },
  { title: 'state', width: 7, of: ({ state }) => state },
  { title: 'address', width: 15, of: ({ ip }) => ip },
  { title: 'software', width: 0, of: ({ userAgent }) => userAgent ?? '' },
];
