import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RuntimeConfig } from '../../config/runtime.config.js';
import { ShutdownConfig } from './shutdown.config.js';

const PRODUCTION_DELAY_SECONDS = 5;
/** With that delay it is below the 30 s after which Kubernetes kills a process. */
const LONGEST_REQUEST_MILLISECONDS = 20_000;
/** A connection without a request after this time is one that its client keeps open in reserve. */
const FIRST_WORD_MILLISECONDS = 1_000;
const BETWEEN_SWEEPS_MILLISECONDS = 50;

/**
 * How a process leaves without losing a request. It serves on while balancers notice, and closes
 * each connection with its answer; then it takes no new connections and finishes what it has.
 */
@Injectable()
export class GracefulShutdown implements OnApplicationBootstrap {
  /** Those that are open, and since when, by the monotonic clock. */
  private readonly connections = new Map<Socket, number>();
  private leaving = false;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: ShutdownConfig,
    private readonly runtime: RuntimeConfig,
  ) {}

  onApplicationBootstrap(): void {
    // The command line has no server.
    this.host.httpAdapter?.getHttpServer().on('connection', (socket: Socket) => {
      this.connections.set(socket, performance.now());
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** Whether requests should go elsewhere. */
  get begun(): boolean {
    return this.leaving;
  }

  /**
   * Resolves when every request has been answered and every connection closed: after
   * `SHUTDOWN_DELAY_SECONDS` (no delay for a SIGINT, which comes from a terminal) and the time of the
   * longest request. What takes longer than 20 s more is cut off.
   */
  async run(signal: NodeJS.Signals): Promise<void> {
    this.leaving = true;
    const server: Server = this.host.httpAdapter.getHttpServer();
    server.prependListener('request', closeWithAnswer);
    if (signal !== 'SIGINT') await pause(this.delaySeconds * 1_000);
    if (server.listening) await this.close(server);
  }

  private get delaySeconds(): number {
    const { production } = this.runtime;
    return this.config.delaySeconds ?? (production ? PRODUCTION_DELAY_SECONDS : 0);
  }

  private async close(server: Server): Promise<void> {
    // What has reached this machine by now is taken in first: it would be reset otherwise.
    await nextTurn();
    const closed = once(server, 'close');
    server.close();
    const sweeping = setInterval(() => this.sweep(server), BETWEEN_SWEEPS_MILLISECONDS);
    const overdue = setTimeout(() => server.closeAllConnections(), LONGEST_REQUEST_MILLISECONDS);
    await closed;
    clearInterval(sweeping);
    clearTimeout(overdue);
  }

  /**
   * The connection of a request that was being served when the process was told to stop is still
   * open.
   */
  private sweep(server: Server): void {
    server.closeIdleConnections();
    const since = performance.now() - FIRST_WORD_MILLISECONDS;
    for (const [socket, connectedAt] of this.connections) {
      if (socket.bytesRead === 0 && connectedAt < since) socket.destroy();
    }
  }
}

function closeWithAnswer(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Connection', 'close');
}
