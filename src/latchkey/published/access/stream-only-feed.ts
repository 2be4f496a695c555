import type { Clock } from '../../platform/clock/clock.js';
import { settlesWithin } from '../../platform/clock/settles-within.js';
import type { RedisClient } from '../../platform/redis/create-redis-client.js';
import type { RedisConnections } from '../../platform/redis/redis-connections.js';
import type { LiveRevocations } from '../../tokens/revocation/live/live-revocations.js';
import type { RevocationStaleness } from '../../tokens/revocation/live/revocation-staleness.js';
import type { RevocationConfig } from '../../tokens/revocation/revocation.config.js';
import { PassProof } from '../../tokens/revocation/stream/pass-proof.js';
import {
  MESSAGES_PER_READ,
  RevocationFeed,
} from '../../tokens/revocation/stream/revocation-feed.js';
import type { StreamMessage } from '../../tokens/revocation/stream/revocation-stream.js';
import { withDeadline } from '../../tokens/revocation/stream/with-deadline.js';

/**
 * Redis that takes so much longer than it was asked to may have been away, and a backend may have
 * failed to publish meanwhile.
 */
const LATE_MILLISECONDS = 500;
/** Passes come about once a second. The start of the process waits for one, but not for ever. */
const START_MILLISECONDS = 3_000;

/**
 * Tails a stream that is all this process hears of revocations. It counts as heard only once it
 * has been read from its start to its end, under an epoch, and a backend has proven since the last
 * gap that nothing is missing in it.
 */
export class StreamOnlyFeed extends RevocationFeed {
  private readonly proof = new PassProof();
  private epoch: number | null = null;
  private onProven = () => {};
  private readonly firstProof = new Promise<void>((resolve) => {
    this.onProven = resolve;
  });

  /** @param provenAlways whether the list is as old as the last proof, also without a gap */
  constructor(
    redis: RedisConnections,
    live: LiveRevocations,
    staleness: RevocationStaleness,
    clock: Clock,
    config: RevocationConfig,
    private readonly provenAlways: boolean,
  ) {
    super(redis, live, staleness, clock, config);
  }

  /** Also waits a while for the first proof, where there is a Redis. */
  override async start(): Promise<void> {
    await super.start();
    if (this.state !== 'up') return;
    await settlesWithin(START_MILLISECONDS, this.firstProof).catch(() => undefined);
  }

  protected override async begin(client: RedisClient): Promise<void> {
    this.epoch = await readEpoch(client);
    await this.catchUp(client);
  }

  protected override async read(
    client: RedisClient,
    after: string,
    blockMilliseconds: number,
  ): Promise<readonly StreamMessage[]> {
    const askedAt = this.clock.monotonic();
    const { messages, passes } = await withDeadline(client, (stream) =>
      stream.readBothAfter(after, this.proof.position, MESSAGES_PER_READ, blockMilliseconds),
    );
    const late = this.clock.monotonic() - askedAt - blockMilliseconds > LATE_MILLISECONDS;
    // What it says of passes is not all that was there by then: the next answer is.
    if (late) this.proof.gap();
    else this.proof.take(passes, askedAt, passes.length === MESSAGES_PER_READ);
    return messages;
  }

  /** Asked after the stream: had it been emptied before it was read, the epoch would be gone. */
  protected override async tellsAll(client: RedisClient): Promise<boolean> {
    const epoch = await readEpoch(client);
    if (epoch !== this.epoch) {
      // Everything has been published again, or lost: ids may start from the beginning.
      this.epoch = epoch;
      this.startOver();
      this.proof.gap();
      return false;
    }
    const proven = epoch !== null && this.proof.proven;
    if (proven) this.onProven();
    return proven;
  }

  protected override currentAsOf(askedAt: number): number {
    return this.provenAlways ? this.proof.provenUntil : askedAt;
  }

  protected override onConnected(): void {
    this.proof.gap();
  }
}

function readEpoch(client: RedisClient): Promise<number | null> {
  return withDeadline(client, (stream) => stream.epoch());
}
