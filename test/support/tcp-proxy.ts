import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that a test can cut, clog or lead elsewhere, for one client alone. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private state: 'open' | 'stalled' | 'cut' = 'open';
  private led = 0;

  private constructor(
    private readonly server: Server,
    private target: number,
  ) {
    server.on('connection', (client) => this.lead(client));
  }

  /** @param target a port of 127.0.0.1 */
  static async start(target: number): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many there have been. */
  get connections(): number {
    return this.led;
  }

  /** Ends every connection and refuses new ones. */
  cut(): void {
    this.state = 'cut';
    this.endConnections();
  }

  /** Connections stay open, and nothing comes through in either direction. */
  stall(): void {
    this.state = 'stalled';
    for (const socket of this.sockets) socket.pause();
  }

  /** Connections that there are stay open, and nothing comes through any more; new ones work. */
  forget(): void {
    for (const socket of this.sockets) {
      socket.removeAllListeners('data');
      socket.resume();
    }
  }

  /** What was held up by `stall` comes through now. */
  restore(): void {
    this.state = 'open';
    for (const socket of this.sockets) socket.resume();
  }

  /** From now on connections lead to another server; those that there are end. */
  redirect(target: number): void {
    this.target = target;
    this.endConnections();
  }

  async stop(): Promise<void> {
    this.endConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private endConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private lead(client: Socket): void {
    if (this.state === 'cut') return void client.destroy();
    this.led++;
    const upstream = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.state === 'stalled') from.pause();
      else from.resume();
    }
  }
}
