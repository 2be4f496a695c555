import type { RedisClient } from '../../../platform/redis/create-redis-client.js';

/** The stream of what backends say of their passes: docs/adr/0019-reopening-by-proof.md. */
export const PASSES = '{revocations}:passes';
/** Beside a completed pass there are others that have begun. */
const PASSES_LOOKED_AT = 8;
/** Many more than any pass takes; few enough to be read at once. */
const PASSES_KEPT = 256;

/** What a backend has proven, and under which epoch. */
export interface CompletedPass {
  readonly id: string;
  readonly epoch: number | null;
}

/** The passes in which backends make the stream complete, and prove it. */
export class RevocationPasses {
  constructor(private readonly client: RedisClient) {}

  async begin(pass: string): Promise<void> {
    await this.tell('begun', pass);
  }

  /**
   * @param epoch under which the stream is complete
   * @returns the id of the message
   */
  async complete(pass: string, epoch: number | null): Promise<string> {
    return this.tell('complete', pass, 'epoch', String(epoch));
  }

  async newestCompleted(): Promise<CompletedPass | null> {
    const newest = await this.client.xrevrange(PASSES, '+', '-', 'COUNT', PASSES_LOOKED_AT);
    const completed = newest.find(([, [step]]) => step === 'complete');
    if (completed === undefined) return null;
    const [id, [, , , epoch = null]] = completed;
    return { id, epoch: toEpoch(epoch) };
  }

  private async tell(...fields: string[]): Promise<string> {
    return String(await this.client.xadd(PASSES, 'MAXLEN', '~', PASSES_KEPT, '*', ...fields));
  }
}

/** The number of a publication, from the text that begins with it; null when there is none. */
export function toEpoch(text: string | null): number | null {
  const epoch = Number(text?.split(' ')[0] ?? Number.NaN);
  return Number.isSafeInteger(epoch) ? epoch : null;
}
