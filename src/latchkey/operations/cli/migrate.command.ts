import type { Command } from './command.js';
import { print } from './print.js';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: '',
  summary: 'Bring the database’s schema up to date, as every start does.',
  async run(_args, application) {
    await application();
    print('The schema is up to date.');
  },
};
