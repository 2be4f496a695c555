import { type FileHandle, open } from 'node:fs/promises';
import type { BreachCorpus } from './breach-corpus.js';

/** More than a digest, a count and an end of line, twice. */
const WINDOW_BYTES = 256;
const DIGEST_LENGTH = 40;

/**
 * A file of SHA-1 digests in capitals, one a line and in order, each with `:` and a count or without: what
 * the downloader of Have I Been Pwned writes. It is searched, not read: some 35 small reads for all of it.
 */
export class BreachFile implements BreachCorpus {
  constructor(private readonly path: string) {}

  async includes(digest: string): Promise<boolean> {
    await using file = await open(this.path, 'r');
    let low = 0;
    let high = (await file.stat()).size;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const line = await firstLineFrom(file, middle);
      if (line === null || line.start >= high) high = middle;
      else if (line.digest === digest) return true;
      else if (line.digest < digest) low = line.start + 1;
      else high = middle;
    }
    return false;
  }
}

/** The line that begins at the offset or next after it; null when none does. */
async function firstLineFrom(
  file: FileHandle,
  offset: number,
): Promise<{ readonly start: number; readonly digest: string } | null> {
  const from = Math.max(0, offset - 1);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(WINDOW_BYTES), 0, WINDOW_BYTES, from);
  const text = buffer.toString('latin1', 0, bytesRead);
  const begin = offset === 0 ? 0 : text.indexOf('\n') + 1;
  if (offset > 0 && begin === 0) return null;
  const digest = text.slice(begin, begin + DIGEST_LENGTH);
  return digest === '' ? null : { start: from + begin, digest };
}
