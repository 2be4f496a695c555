import type { BreachCorpus } from './breach-corpus.js';

/** Of the digest, of which some hundred thousand passwords have the same. */
const PREFIX_LENGTH = 5;
/** Have I Been Pwned answers with some 40 KB. */
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * A service that is asked by the first five digits of the digest and answers with what follows them in
 * each that it knows (k-anonymity): `GET <address>21BD1`, as that of Have I Been Pwned. It learns neither
 * the password nor whose it is.
 */
export class BreachRangeApi implements BreachCorpus {
  constructor(private readonly address: string) {}

  async includes(digest: string, signal: AbortSignal): Promise<boolean> {
    const [prefix, suffix] = [digest.slice(0, PREFIX_LENGTH), digest.slice(PREFIX_LENGTH)];
    const answer = await fetch(`${this.address}${prefix}`, {
      signal,
      redirect: 'error',
      // So that the length of the answer does not tell which prefix it was.
      headers: { 'Add-Padding': 'true', 'User-Agent': 'latchkey' },
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`It answered ${answer.status}`);
    }
    const lines = (await textOf(answer)).split(/\r?\n/);
    return lines.some((line) => {
      const [known, count] = line.split(':');
      // What only pads has no count.
      return known?.toUpperCase() === suffix && count?.trim() !== '0';
    });
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('It answered with more than a range');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}
