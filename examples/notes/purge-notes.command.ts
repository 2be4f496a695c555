import { parseArgs } from 'node:util';
import { Injectable } from '@nestjs/common';
import { CliCommand, print, StartupError } from '../latchkey/index.js';
import { Notes } from './notes.js';

const BATCH = 1_000;

/** `npm run cli -- notes purge --days 30` */
@Injectable()
export class PurgeNotes extends CliCommand {
  static override readonly description = {
    name: 'notes purge',
    usage: '--days <n>',
    summary: 'Remove the notes that are older than so many days.',
  };

  constructor(private readonly notes: Notes) {
    super();
  }

  async run(args: string[]): Promise<void> {
    const { values } = parseArgs({ args, options: { days: { type: 'string' } } });
    const days = Number(values.days);
    if (!Number.isInteger(days) || days < 1) {
      throw new StartupError('Say how old: notes purge --days 30');
    }
    let removed = 0;
    for (let count = BATCH; count === BATCH; removed += count) {
      count = await this.notes.removeOlderThan(days, BATCH);
    }
    print(`${removed} notes removed.`);
  }
}
