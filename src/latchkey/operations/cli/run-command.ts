import { type INestApplicationContext, Logger, type Type } from '@nestjs/common';
import { loadConfig } from '../../platform/config/load-config.js';
import { misspeltSettings, readEnvironment } from '../../platform/config/read-environment.js';
import { DatabaseConfig } from '../../platform/database/database.config.js';
import { DatabaseLocation } from '../../platform/database/database-location.js';
import {
  type DatabaseServer,
  joinDatabaseServer,
} from '../../platform/database/embedded/database-server.js';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { declaredProviders } from '../../platform/ports/declared-providers.js';
import { CliCommand, type Command } from './command.js';
import { FAILED } from './exit-codes.js';
import { complain } from './terminal.js';

type ContextFactory = (
  module: Type,
  config: ReturnType<typeof loadConfig>,
  database: DatabaseLocation,
) => Promise<INestApplicationContext>;

/**
 * Runs one command of the command line, Latchkey's or one that a module provides, and sets the exit
 * code: `exit-codes.ts`.
 */
export async function runCommand(
  argv: string[],
  module: Type,
  createContext: ContextFactory,
): Promise<void> {
  // Where there is only to be served, none of this is loaded.
  const [{ COMMANDS }, { runProgram }] = await Promise.all([
    import('./commands.js'),
    import('./program.js'),
  ]);
  const commands = [...COMMANDS, ...(await commandsOf(module))];
  const names = commands.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    complain(`There are two commands "${twice}". Give yours another name.`);
    process.exitCode = FAILED;
    return;
  }
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
    await runProgram(commands, argv, (command, values) =>
      command.run(values, application, process.env),
    );
  } catch (error) {
    explain(error).split('\n').forEach(complain);
    process.exitCode = FAILED;
  } finally {
    await context?.close();
    await database?.stop();
  }
}

async function commandsOf(module: Type): Promise<Command[]> {
  const providers = await declaredProviders(module);
  const classes = providers.filter((type) => type.prototype instanceof CliCommand);
  return (classes as (Type<CliCommand<unknown>> & typeof CliCommand)[]).map((type) => ({
    ...type.description,
    run: async (values, application) => {
      const context = await application();
      const command = context.get<CliCommand<unknown>>(type, { strict: false });
      await command.run(type.description.usage === undefined ? values : values.typed);
    },
  }));
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

/** Of a team's command that reads its arguments with `parseArgs`. */
function isWrongArgument(error: Error & { code?: unknown }): boolean {
  return String(error.code).startsWith('ERR_PARSE_ARGS');
}
