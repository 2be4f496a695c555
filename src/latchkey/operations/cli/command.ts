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
