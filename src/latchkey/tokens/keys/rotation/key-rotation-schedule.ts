import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { PeriodicTask } from '../../../platform/clock/periodic-task.js';
import { SigningKeys } from '../signing-keys.js';
import { SigningKeyStore } from '../store/signing-key-store.js';
import { AdoptSettings } from './adopt-settings.js';
import { KEY_RELOAD_SECONDS } from './publication-delay.js';
import { RotateKeys } from './rotate-keys.js';

/** Does what is due to the keys, as long as the process serves; the command line does not. */
@Injectable()
export class KeyRotationSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Keys');
  private readonly repetition = new PeriodicTask(() => this.turn(), KEY_RELOAD_SECONDS * 1_000);
  private stopped = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly dataSource: DataSource,
    private readonly store: SigningKeyStore,
    private readonly adoptSettings: AdoptSettings,
    private readonly rotateKeys: RotateKeys,
    private readonly keys: SigningKeys,
  ) {}

  /** @throws StartupError when a key cannot be decrypted */
  async onApplicationBootstrap(): Promise<void> {
    if (this.host.httpAdapter === undefined) return;
    await this.adoptSettings.adopt();
    await this.keys.reload();
    this.repetition.start();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    this.repetition.stop();
  }

  /** Also reads the keys again, so that a retired one is let go. */
  async runOnce(): Promise<void> {
    await this.rotateKeys.rotateIfDue();
    await this.store.eraseSpent(this.dataSource.manager);
    await this.keys.reload();
  }

  private async turn(): Promise<void> {
    await this.runOnce().catch((error: unknown) => {
      if (!this.stopped) this.logger.warn(`Looking after the keys failed: ${String(error)}`);
    });
  }
}
