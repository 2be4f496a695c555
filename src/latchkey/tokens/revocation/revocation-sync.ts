import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { RevocationPoller } from './log/revocation-poller.js';
import { RevocationFeed } from './stream/revocation-feed.js';
import { RevocationStreamKeeper } from './stream/revocation-stream-keeper.js';

/** Keeps this process's list of revocations current from before it listens until it has ended. */
@Injectable()
export class RevocationSync implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly feed: RevocationFeed,
    private readonly poller: RevocationPoller,
    private readonly keeper: RevocationStreamKeeper,
  ) {}

  /** The feed first: what is revoked while the log is being read comes by one or the other. */
  async onModuleInit(): Promise<void> {
    await this.feed.start();
    await this.poller.readAll();
    this.poller.start();
  }

  /** Starts the keeper last and does not wait for it: there may be much to publish. */
  onApplicationBootstrap(): void {
    this.keeper.start();
  }

  onApplicationShutdown(): void {
    this.keeper.stop();
    this.poller.stop();
    this.feed.stop();
  }
}
