import type { RedisClient } from '../redis/create-redis-client.js';
import { RevocationFeed, withDeadline } from '../revocation/revocation-feed.js';

/**
 * After a time without Redis: backends were without it, too, and publish within this what it did
 * not get from them. An attempt to connect that began too early takes two seconds, the next one
 * comes within another, and the rest is for publishing.
 */
const SETTLING_MILLISECONDS = 6_000;

/**
 * Tails a stream that is all this process hears of revocations. It counts as heard only once it
 * has been read from its start to its end, under an epoch: that is what says, in Redis, that the
 * stream holds every live revocation.
 */
export class StreamOnlyFeed extends RevocationFeed {
  private epoch: string | null = null;
  private settledAt = Number.NEGATIVE_INFINITY;

  protected override async begin(client: RedisClient): Promise<void> {
    this.epoch = await readEpoch(client);
    await this.catchUp(client);
  }

  /** Asked after the stream: had it been emptied before it was read, the epoch would be gone. */
  protected override async tellsAll(client: RedisClient): Promise<boolean> {
    const epoch = await readEpoch(client);
    if (epoch === this.epoch) return epoch !== null && this.clock.monotonic() >= this.settledAt;
    // Everything has been published again, or lost: ids may have begun anew.
    this.epoch = epoch;
    this.startOver();
    return false;
  }

  protected override resume(): void {
    this.settledAt = this.clock.monotonic() + SETTLING_MILLISECONDS;
  }
}

function readEpoch(client: RedisClient): Promise<string | null> {
  return withDeadline(client, (stream) => stream.epoch());
}
