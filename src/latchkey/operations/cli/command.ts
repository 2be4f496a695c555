import type { INestApplicationContext } from '@nestjs/common';

/** One command of the command line. */
export interface Command {
  /** One word or two. */
  readonly name: string;
  /** What follows the name, for the help text. */
  readonly usage: string;
  readonly summary: string;
  /**
   * @param application gives the application, connected and migrated; a command that needs no
   *   database does not call it
   * @throws StartupError saying what to do when the arguments are not right
   */
  run(args: string[], application: () => Promise<INestApplicationContext>): Promise<void>;
}

/** What `--help` says of a command. */
export interface CommandDescription {
  /** One word or two: `notes purge`. */
  readonly name: string;
  /** What follows the name, for the help text: `--days <n>`. */
  readonly usage: string;
  readonly summary: string;
}

/**
 * A command of the extending team's own for `npm run cli`. Extend it and provide the class in any
 * module: it is found there, shown by `--help`, and made with all that it injects when it is called.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class PurgeNotes extends CliCommand {
 *   static override readonly description = {
 *     name: 'notes purge',
 *     usage: '--days <n>',
 *     summary: 'Remove notes that are older.',
 *   };
 *
 *   constructor(private readonly notes: Notes) {
 *     super();
 *   }
 *
 *   async run(args: string[]) {
 *     print(`${await this.notes.purge(args)} notes removed.`);
 *   }
 * }
 * ```
 */
export abstract class CliCommand {
  static readonly description: CommandDescription;

  /**
   * @param args what follows the name
   * @throws StartupError to say in one line what is wrong: exit code 1
   */
  abstract run(args: string[]): Promise<void>;
}
