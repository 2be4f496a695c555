import { type INestApplicationContext, Logger, type Type } from '@nestjs/common';
import { commandLine, IMAGE_COMMAND } from '../../platform/config/command-line.js';
import { loadConfig } from '../../platform/config/load-config.js';
import {
  isOneSlipFrom,
  misspeltSettings,
  readEnvironment,
} from '../../platform/config/read-environment.js';
import { DatabaseConfig } from '../../platform/database/database.config.js';
import { DatabaseLocation } from '../../platform/database/database-location.js';
import {
  type DatabaseServer,
  joinDatabaseServer,
} from '../../platform/database/embedded/database-server.js';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { declaredProviders } from '../../platform/ports/declared-providers.js';
import { accountsCommands } from './accounts.commands.js';
import { auditExportCommand } from './audit.commands.js';
import { clientsCommands } from './clients.commands.js';
import { CliCommand, type Command } from './command.js';
import { userFactorsCommand } from './factors.commands.js';
import { invitationCommands } from './invitation.commands.js';
import { exportKeysCommand, keysCommands } from './keys.commands.js';
import { errorsCommand, migrateCommand, retentionRunCommand } from './maintenance.commands.js';
import { resourcesCommands } from './resources.commands.js';
import { rolesCommands } from './roles.commands.js';
import { revokeSessionsCommand } from './sessions.commands.js';
import { complain, print } from './terminal.js';
import { throttleCommands } from './throttle.commands.js';
import { importUsersCommand } from './user-import.commands.js';
import { createAdminCommand, doctorCommand, verifyEmailCommand } from './users.commands.js';

const COMMANDS: readonly Command[] = [
  createAdminCommand,
  ...accountsCommands,
  ...invitationCommands,
  userFactorsCommand,
  ...throttleCommands,
  importUsersCommand,
  verifyEmailCommand,
  ...rolesCommands,
  migrateCommand,
  revokeSessionsCommand,
  ...keysCommands,
  exportKeysCommand,
  ...clientsCommands,
  ...resourcesCommands,
  auditExportCommand,
  retentionRunCommand,
  doctorCommand,
  errorsCommand,
];

type ContextFactory = (
  module: Type,
  config: ReturnType<typeof loadConfig>,
  database: DatabaseLocation,
) => Promise<INestApplicationContext>;

/**
 * Runs one command of the command line, Latchkey's or one that a module provides, and sets the exit
 * code.
 */
export async function runCommand(
  argv: string[],
  module: Type,
  createContext: ContextFactory,
): Promise<void> {
  const commands = [...COMMANDS, ...(await commandsOf(module))];
  const names = commands.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    complain(`There are two commands "${twice}". Give yours another name.`);
    process.exitCode = 1;
    return;
  }
  const command = commands.find(({ name }) => argv.slice(0, wordsOf(name)).join(' ') === name);
  if (command === undefined || argv.includes('--help')) {
    return help(commands, argv);
  }
  const args = argv.slice(wordsOf(command.name));
  Logger.overrideLogger(false);
  let database: DatabaseServer | undefined;
  let context: INestApplicationContext | undefined;
  const application = async () => {
    const environment = readEnvironment(process.env);
    const config = loadConfig(environment);
    misspeltSettings(environment).forEach(complain);
    database = await joinDatabaseServer(config.get(DatabaseConfig));
    context = await createContext(module, config, new DatabaseLocation(database.url));
    return context;
  };
  try {
    await command.run(args, application);
  } catch (error) {
    explain(error).split('\n').forEach(complain);
    process.exitCode = 1;
  } finally {
    await context?.close();
    await database?.stop();
  }
}

function wordsOf(name: string): number {
  return name.split(' ').length;
}

async function commandsOf(module: Type): Promise<Command[]> {
  const providers = await declaredProviders(module);
  const classes = providers.filter((type) => type.prototype instanceof CliCommand);
  return (classes as (Type<CliCommand> & typeof CliCommand)[]).map((type) => ({
    ...type.description,
    run: async (args, application) => {
      const context = await application();
      await context.get<CliCommand>(type, { strict: false }).run(args);
    },
  }));
}

const SERVE = { name: 'serve', usage: '', summary: 'Serve until told to stop.' };

/** @param argv what was called, where that is no command: one that was not asked for help fails */
function help(commands: readonly Command[], argv: string[] = []): void {
  const program = commandLine();
  const isImage = program === IMAGE_COMMAND;
  const usages = [...(isImage ? [SERVE] : []), ...commands].flatMap(({ name, usage, summary }) => [
    `  ${program} ${`${name} ${usage}`.trim()}`,
    `      ${summary}`,
  ]);
  const forPrograms = [
    '',
    'For programs that read what a command prints: npm run -s cli -- <command>, or node dist/cli.js.',
  ];
  const lines = ['Usage:', ...usages, ...(isImage ? [] : forPrograms)];
  if (argv.includes('--help') || argv.includes('-h') || argv[0] === 'help') {
    lines.forEach(print);
    return;
  }
  const asked = argv.slice(0, 2).join(' ');
  const told = argv.length === 0 ? ['Say which command.'] : unknown(asked, commands);
  [...told, ...lines].forEach(complain);
  process.exitCode = 2;
}

function unknown(asked: string, commands: readonly Command[]): string[] {
  const [first = ''] = asked.split(' ');
  const names = commands.map(({ name }) => name);
  const near = names.filter((name) => isOneSlipFrom(asked, name) || isOneSlipFrom(first, name));
  const meant = near.length > 0 ? near : names.filter((name) => name.split(' ')[0] === first);
  const hint = meant.length > 0 ? [`Did you mean ${meant.join(', or ')}?`] : [];
  return [`There is no command "${meant.length > 0 ? asked : first}".`, ...hint];
}

function explain(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  if (error instanceof LatchkeyError) {
    const problems = error.fields?.map(({ message }) => message).join('; ');
    return problems ?? [error.definition.title, error.detail ?? ''].join(' ').trim();
  }
  if (!(error instanceof Error)) return String(error);
  return isWrongArgument(error) ? error.message : (error.stack ?? error.message);
}

function isWrongArgument(error: Error & { code?: unknown }): boolean {
  return String(error.code).startsWith('ERR_PARSE_ARGS');
}
