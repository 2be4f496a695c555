import { statfs } from 'node:fs/promises';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 * 1024 ** 3;

/**
 * Lets every temporary file of the tests lie in memory where there is room: a database is some
 * 360 files, and making them costs some disks ten times what everything else about it costs.
 */
export async function keepTemporaryFilesInMemory(): Promise<void> {
  const memory = await statfs(MEMORY).catch(() => undefined);
  if (memory && memory.bavail * memory.bsize >= ROOM_BYTES) process.env.TMPDIR = MEMORY;
}
