import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between the application and one of its stores, and keeps what the application sends. */
export class WireTap {
  private readonly sockets = new Set<Socket>();
  private chunks: Buffer[] = [];
  private readonly server: Server;

  private constructor(private readonly target: URL) {
    this.server = createServer((client) => this.join(client));
  }

  static async start(url: string): Promise<WireTap> {
    const tap = new WireTap(new URL(url));
    tap.server.listen(0, '127.0.0.1');
    await once(tap.server, 'listening');
    return tap;
  }

  /** The store's address, by way of the tap. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Every byte that the application has sent since the last call, one character each. */
  take(): string {
    const taken = Buffer.concat(this.chunks).toString('latin1');
    this.chunks = [];
    return taken;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(client: Socket): void {
    const store = connect(Number(this.target.port), this.target.hostname);
    client.on('data', (chunk) => this.chunks.push(Buffer.from(chunk)));
    client.pipe(store).pipe(client);
    for (const socket of [client, store]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    }
  }
}
