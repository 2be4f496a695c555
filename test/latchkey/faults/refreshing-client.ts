import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../../support/api-client.js';

const PAUSE_MILLISECONDS = 25;

/**
 * A client that refreshes without end: what it is given replaces what it has, and what it is told
 * to try again it tries again with the same token.
 */
export class RefreshingClient {
  /** How often it was given a new token. */
  refreshed = 0;
  /** How often it was told to try again. */
  unavailable = 0;
  /** Every other answer. */
  readonly surprises: string[] = [];
  private running = true;
  private loop?: Promise<void>;

  constructor(
    private readonly api: ApiClient,
    private refreshToken: string,
  ) {}

  start(): void {
    this.loop = this.refreshOnAndOn();
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.loop;
  }

  private async refreshOnAndOn(): Promise<void> {
    while (this.running) {
      await this.refresh().catch((error) => this.surprises.push(String(error)));
      await pause(PAUSE_MILLISECONDS);
    }
  }

  private async refresh(): Promise<void> {
    const { refreshToken } = this;
    const { status, body, headers } = await this.api.post('/auth/refresh', { refreshToken });
    if (status === 200) {
      this.refreshToken = body.refreshToken;
      this.refreshed++;
    } else if (body?.code === 'database.unavailable' && headers.has('retry-after')) {
      this.unavailable++;
    } else this.surprises.push(`${status} ${body?.code}`);
  }
}
