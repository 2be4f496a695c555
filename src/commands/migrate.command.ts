import type { Command } from './command.js';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: '',
  summary: 'Bring the database’s schema up to date, as every start does.',
  async run(_args, application) {
    await application();
    process.stdout.write('The schema is up to date.\n');
  },
};
