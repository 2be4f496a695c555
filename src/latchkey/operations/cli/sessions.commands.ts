import { parseArgs } from 'node:util';
import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import { RevokeSessions } from '../../tokens/sessions/admin/revoke-sessions.js';
import { RevokeSessionsBody } from '../../tokens/sessions/sessions.dto.js';
import type { Command } from './command.js';
import { print } from './terminal.js';

/** As `POST /admin/sessions/revoke`, by the same rules. */
export const revokeSessionsCommand: Command = {
  name: 'sessions revoke',
  usage:
    '--reason text (--all | [--user id] [--role name] [--ip address or CIDR] [--user-agent text] [--created-before time]) [--dry-run]',
  summary: 'End every session that meets all given conditions. --dry-run only counts them.',
  async run(args, application) {
    const { values } = parseArgs({
      args,
      options: {
        all: { type: 'boolean' },
        user: { type: 'string' },
        role: { type: 'string' },
        ip: { type: 'string' },
        'user-agent': { type: 'string' },
        'created-before': { type: 'string' },
        reason: { type: 'string' },
        'dry-run': { type: 'boolean' },
      },
    });
    if (values.reason === undefined) {
      throw new StartupError('Say why, for the audit trail: sessions revoke --reason "…"');
    }
    const body = await requestValidation().transform(
      {
        filter: {
          all: values.all,
          userId: values.user,
          role: values.role,
          ip: values.ip,
          userAgent: values['user-agent'],
          createdBefore: values['created-before'],
        },
        reason: values.reason,
        dryRun: values['dry-run'],
      },
      { type: 'body', metatype: RevokeSessionsBody },
    );
    const { matched, revoked } = await (await application())
      .get(RevokeSessions)
      .revoke(body, OPERATOR);
    print(body.dryRun ? `${matched} sessions match.` : `${revoked} sessions ended.`);
  },
};
