import type { RedisClient } from '../../../platform/redis/create-redis-client.js';
import { findLogPosition, type LogPosition, writeLogPosition } from '../log/log-position.js';
import { MESSAGE_FIELD } from './revocation-message.js';
import { PASSES, toEpoch } from './revocation-passes.js';
import { STREAM_START, timeOfStreamId } from './stream-id.js';

/**
 * Where in Redis the feed is, below the deployment's prefix. The braces keep its keys in one slot
 * of a Redis Cluster.
 */
const STREAM = '{revocations}';
/** How many messages the stream should hold: a deleted one is missed. */
const LENGTH = '{revocations}:length';
/**
 * The number of the last publication of everything, which Postgres gave out, and the process of
 * Redis that it was made to: says that the stream holds every live revocation. Emptying Redis
 * removes it, too. A replica that takes over may have lagged behind, so on another process it
 * proves nothing.
 */
const EPOCH = '{revocations}:epoch';
/**
 * Up to where the stream tells of everything that the log holds, so that an instance which starts
 * tells of what came later: those that knew may be gone.
 */
const COMPLETE_UNTIL = '{revocations}:complete-until';
const PUBLISHING_LOCK = '{revocations}:publishing';
/** After this an instance that died while publishing no longer keeps others from it. */
const LOCK_MILLISECONDS = 30_000;

const RUN_ID = /^run_id:(\S+)/m;

// Trimming and counting are one act, or the next look at the length would miss what was trimmed.
const TRIM_SCRIPT = `
  local trimmed = redis.call('XTRIM', KEYS[1], 'MINID', '~', ARGV[1])
  if trimmed > 0 then redis.call('DECRBY', KEYS[2], trimmed) end
  return trimmed`;

/** A message and its id; null where it has been deleted in the middle of the stream. */
export type StreamMessage = [id: string, fields: string[] | null];

export interface StreamsAnswer {
  readonly messages: readonly StreamMessage[];
  readonly passes: readonly StreamMessage[];
}

/** What is beside the messages. */
export interface StreamState {
  /** Null when the stream lacks something. */
  readonly epoch: number | null;
  /** Null when it is not known. */
  readonly completeUntil: LogPosition | null;
  /** Whether as many messages are there as were added and not trimmed. */
  readonly whole: boolean;
}

/** The commands that the feed is made of. */
export class RevocationStream {
  /** The process of Redis that the last look at the state was answered by. */
  private server = '';

  constructor(private readonly client: RedisClient) {}

  /** @returns the id of the last message */
  async add(messages: readonly string[]): Promise<string | null> {
    if (messages.length === 0) return null;
    const transaction = this.client.multi();
    for (const message of messages) transaction.xadd(STREAM, '*', MESSAGE_FIELD, message);
    const answers = await results(transaction.incrby(LENGTH, messages.length).exec());
    return String(answers.at(-2));
  }

  /** Waits for messages after this one; none when the time is over. */
  async readAfter(id: string, limit: number, blockMilliseconds: number): Promise<StreamMessage[]> {
    const streams = await this.client.xread(
      'COUNT',
      limit,
      'BLOCK',
      blockMilliseconds,
      'STREAMS',
      STREAM,
      id,
    );
    return streams?.[0]?.[1] ?? [];
  }

  /**
   * The same of both streams at once: an answer that brings a pass brings, up to the limit, all
   * that was published before it.
   */
  async readBothAfter(
    id: string,
    passId: string,
    limit: number,
    blockMilliseconds: number,
  ): Promise<StreamsAnswer> {
    const streams = await this.client.xread(
      'COUNT',
      limit,
      'BLOCK',
      blockMilliseconds,
      'STREAMS',
      STREAM,
      PASSES,
      id,
      passId,
    );
    const ofPasses = ([key]: [string, unknown]) => key.endsWith(PASSES);
    return {
      messages: streams?.find((stream) => !ofPasses(stream))?.[1] ?? [],
      passes: streams?.find(ofPasses)?.[1] ?? [],
    };
  }

  async newestId(): Promise<string> {
    const [newest] = await this.client.xrevrange(STREAM, '+', '-', 'COUNT', 1);
    return newest?.[0] ?? STREAM_START;
  }

  async has(id: string): Promise<boolean> {
    return (await this.client.xrange(STREAM, id, id)).length > 0;
  }

  async state(): Promise<StreamState> {
    const look = this.client.multi().xlen(STREAM).get(LENGTH).get(EPOCH).get(COMPLETE_UNTIL);
    const [length, counted, epoch, completeUntil, info] = (await results(
      look.info('server').exec(),
    )) as [number, string | null, string | null, string | null, string];
    this.server = RUN_ID.exec(info)?.[1] ?? '';
    return {
      epoch: epoch?.endsWith(` ${this.server}`) ? toEpoch(epoch) : null,
      completeUntil: findLogPosition(completeUntil),
      whole: Number(length) === Number(counted),
    };
  }

  /** By Redis' own clock, as the newest id tells it: ours may be off. */
  async trim(keepSeconds: number): Promise<void> {
    const oldest = timeOfStreamId(await this.newestId()) - keepSeconds * 1_000;
    if (oldest > 0) await this.client.eval(TRIM_SCRIPT, 2, STREAM, LENGTH, oldest);
  }

  /** Everything is going to be published again. */
  async clear(): Promise<void> {
    await results(this.client.multi().del(STREAM).del(LENGTH).exec());
  }

  /** Of any process of Redis; null when the stream lacks something. */
  async epoch(): Promise<number | null> {
    return toEpoch(await this.client.get(EPOCH));
  }

  /** Of the process whose state was looked at: if another one has taken over since, it says nothing. */
  async setEpoch(epoch: number): Promise<void> {
    await this.client.set(EPOCH, `${epoch} ${this.server}`);
  }

  async setCompleteUntil(position: LogPosition): Promise<void> {
    await this.client.set(COMPLETE_UNTIL, writeLogPosition(position));
  }

  /**
   * Does the work unless another instance is doing it, so that one publishes the log again and not
   * all of them. The same holder may try again after a failure: what failed may have been the
   * answer to taking the lock or to giving it back.
   *
   * @returns what the work returns; false while another instance has the lock
   */
  async exclusively(holder: string, work: () => Promise<boolean>): Promise<boolean> {
    if (!(await this.lock(holder))) return false;
    return work().finally(() => this.unlock(holder).catch(() => undefined));
  }

  private async lock(holder: string): Promise<boolean> {
    const { client } = this;
    const locked = await client.set(PUBLISHING_LOCK, holder, 'PX', LOCK_MILLISECONDS, 'NX');
    return locked === 'OK' || (await client.get(PUBLISHING_LOCK)) === holder;
  }

  private async unlock(holder: string): Promise<void> {
    if ((await this.client.get(PUBLISHING_LOCK)) === holder) await this.client.del(PUBLISHING_LOCK);
  }
}

/** @throws the first error of any command */
async function results(
  outcome: Promise<[error: Error | null, result: unknown][] | null>,
): Promise<unknown[]> {
  const answers = await outcome;
  if (answers === null) throw new Error('Redis dropped the transaction.');
  return answers.map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}
