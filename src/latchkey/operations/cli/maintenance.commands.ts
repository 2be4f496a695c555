import { DataSource } from 'typeorm';
import { AuditRetention } from '../../audit/audit-retention.js';
import { errorCatalogue } from '../../platform/errors/error-catalogue.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { RetentionSchedule } from '../retention/retention-schedule.js';
import { declareCommand } from './command.js';
import { print } from './terminal.js';

export const migrateCommand = declareCommand(
  {
    name: 'migrate',
    summary: 'Bring the database’s schema up to date, as every start does.',
  },
  async (_, application) => {
    await application();
    print('The schema is up to date.');
  },
);

export const retentionRunCommand = declareCommand(
  {
    name: 'retention run',
    summary:
      'Remove data past its retention, audit events included. Needs the database role that owns them.',
  },
  async (_, application) => {
    const context = await application();
    const { manager } = context.get(DataSource);
    if (!(await context.get(AuditRetention).mayDelete(manager))) {
      throw new StartupError(
        'The role of DATABASE_URL may not delete audit events. Run this with the DATABASE_URL of the role that owns the tables.',
      );
    }
    await context.get(RetentionSchedule).runOnce({ wait: true });
    print('What has been kept long enough is removed.');
  },
);

export const errorsCommand = declareCommand(
  { name: 'errors', summary: 'Print the error catalogue as Markdown.' },
  async () => errorCatalogue().trimEnd().split('\n').forEach(print),
);
