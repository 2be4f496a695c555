import type { DataSource } from 'typeorm';
import { StartupError } from '../errors/startup-error.js';

/** @throws StartupError when the database names no deployment */
export async function getDeploymentId(dataSource: DataSource): Promise<string> {
  const [row] = await dataSource.query<{ id: string }[]>('SELECT id FROM deployment');
  if (row !== undefined) return row.id;
  throw new StartupError(
    'The table "deployment" is empty. Run "INSERT INTO deployment DEFAULT VALUES" and start again.',
  );
}
