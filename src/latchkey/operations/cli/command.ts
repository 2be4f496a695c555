import type { INestApplicationContext } from '@nestjs/common';
import type { Environment } from '../../platform/config/load-config.js';
import type { Inputs, ValuesOf } from './values.js';

/** What the help says of a command, and what it takes. */
export interface CommandDescription extends Inputs {
  /** One word or two: `notes purge`. */
  readonly name: string;
  /** A sentence or two. */
  readonly summary: string;
  /** What follows the program's name, as somebody would write it. */
  readonly examples?: readonly string[];
  /** For a command that reads its arguments itself: what follows the name, for the help text. */
  readonly usage?: string;
}

/** Gives the application, connected and migrated; a command that needs no database does not ask for it. */
export type Application = () => Promise<INestApplicationContext>;

/** One command of the command line. */
export interface Command extends CommandDescription {
  /**
   * @param values what was given, by the names under which it is declared
   * @param environment of the process, for a command that asks for no application
   * @throws StartupError saying what to do: exit code 1
   */
  run(
    values: Readonly<Record<string, unknown>>,
    application: Application,
    environment: Environment,
  ): Promise<void>;
}

/** A command whose `run` knows the types of what it declares. */
export function declareCommand<const Declared extends CommandDescription>(
  declared: Declared,
  run: (
    values: ValuesOf<Declared>,
    application: Application,
    environment: Environment,
  ) => Promise<void>,
): Command {
  return { ...declared, run: run as Command['run'] };
}

/**
 * A command of the extending team's own for `npm run cli`. Extend it and provide the class in any
 * module: it is found there, shown by `--help`, and made with all that it injects when it is called.
 * What its description declares is read and checked before; one that declares a `usage` instead is
 * given what follows its name as it was typed.
 *
 * @example
 * ```ts
 * const PURGE = {
 *   name: 'notes purge',
 *   summary: 'Remove notes that are older.',
 *   options: { days: cli.required(cli.wholeNumber('n', 'How old.', { min: 1, max: 365 })) },
 * } satisfies CommandDescription;
 *
 * @Injectable()
 * export class PurgeNotes extends CliCommand<ValuesOf<typeof PURGE>> {
 *   static override readonly description = PURGE;
 *
 *   constructor(private readonly notes: Notes) {
 *     super();
 *   }
 *
 *   async run({ days }: ValuesOf<typeof PURGE>) {
 *     print(`${await this.notes.purge(days)} notes removed.`);
 *   }
 * }
 * ```
 */
export abstract class CliCommand<Values = string[]> {
  static readonly description: CommandDescription;

  /**
   * @param values what the description declares; what follows the name where it declares a `usage`
   * @throws StartupError to say in one line what is wrong: exit code 1
   */
  abstract run(values: Values): Promise<void>;
}
