// #region full
import { Injectable } from '@nestjs/common';
import {
  CliCommand,
  type CommandDescription,
  cli,
  print,
  type ValuesOf,
} from '../latchkey/index.js';
import { Notes } from './notes.js';

const BATCH = 1_000;

const PURGE = {
  name: 'notes purge',
  summary: 'Remove the notes that are older than so many days.',
  options: {
    days: cli.required(cli.wholeNumber('n', 'How old, in days.', { min: 1, max: 36_500 })),
  },
  examples: ['notes purge --days 30'],
} satisfies CommandDescription;

/** A command of your own: `npm run cli -- notes purge --days 30`. */
@Injectable()
export class PurgeNotes extends CliCommand<ValuesOf<typeof PURGE>> {
  static override readonly description = PURGE;

  constructor(private readonly notes: Notes) {
    super();
  }

  async run({ days }: ValuesOf<typeof PURGE>): Promise<void> {
    let removed = 0;
    for (let count = BATCH; count === BATCH; removed += count) {
      count = await this.notes.removeOlderThan(days, BATCH);
    }
    print(`${removed} notes removed.`);
  }
}
// #endregion
