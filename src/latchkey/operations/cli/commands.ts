import { auditCommands } from './audit.commands.js';
import { clientsCommands } from './clients.commands.js';
import type { Command } from './command.js';
import { createAdminCommand } from './create-admin.command.js';
import { doctorCommand } from './doctor.command.js';
import { userFactorsCommand } from './factors.command.js';
import { invitationCommands } from './invitation.commands.js';
import { keysCommands } from './keys.commands.js';
import { errorsCommand, migrateCommand, retentionRunCommand } from './maintenance.commands.js';
import { outboxCommands } from './outbox.commands.js';
import { resourcesCommands } from './resources.commands.js';
import { rolesCommands } from './roles.commands.js';
import { sessionsCommands } from './sessions.commands.js';
import { throttleCommands } from './throttle.commands.js';
import { userAppsCommands } from './user-apps.commands.js';
import { importUsersCommand } from './user-import.command.js';
import { usersCommands } from './users.commands.js';
import { verifyEmailCommand } from './verify-email.command.js';

/** Latchkey's own commands, in the order in which the help shows them. */
export const COMMANDS: readonly Command[] = [
  createAdminCommand,
  ...usersCommands,
  ...invitationCommands,
  userFactorsCommand,
  ...userAppsCommands,
  verifyEmailCommand,
  importUsersCommand,
  ...sessionsCommands,
  ...rolesCommands,
  ...clientsCommands,
  ...resourcesCommands,
  ...keysCommands,
  ...throttleCommands,
  ...outboxCommands,
  ...auditCommands,
  migrateCommand,
  retentionRunCommand,
  doctorCommand,
  errorsCommand,
];
