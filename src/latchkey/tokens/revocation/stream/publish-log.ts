import type { SideConnection } from '../../../platform/database/connection/side-connection.js';
import type { RevocationEntry } from '../kinds/revocation.js';
import type { LogPosition } from '../log/log-position.js';
import type { RevocationLog } from '../log/revocation-log.js';
import { encodeMessages } from './revocation-message.js';
import type { RevocationStream } from './revocation-stream.js';

/**
 * Adds every live revocation that the log has since a position to the stream.
 *
 * @returns how many they were, and the position up to which the log has been read
 */
export async function publishLog(
  connection: SideConnection,
  log: RevocationLog,
  since: LogPosition,
  stream: RevocationStream,
): Promise<{ position: LogPosition; count: number }> {
  let count = 0;
  const take = async (page: readonly RevocationEntry[]) => {
    const live = page.filter(({ remainingSeconds }) => remainingSeconds > 0);
    await stream.add(encodeMessages(live));
    count += live.length;
  };
  const { position } = await connection.use((client) => log.read(client, since, { take }));
  return { position, count };
}
