import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** Of PostgreSQL's protocol: 4 bytes of length, 4 of the version, then names and values. */
const HEADER_BYTES = 8;
/** What PgBouncer passes on by itself. */
const PASSED_ON = ['user', 'database', 'application_name', 'client_encoding'];

/** Stands in for a pooler where none is installed: it refuses whatever it cannot pass on. */
export class RefusingPooler {
  private constructor(private readonly server: Server) {}

  static async start(url: string): Promise<RefusingPooler> {
    const target = Number(new URL(url).port);
    const server = createServer((client) => {
      client.on('error', () => undefined);
      client.once('data', (startup) => {
        const [refused] = namesIn(startup).filter((name) => !PASSED_ON.includes(name));
        if (refused !== undefined) return void client.end(refusal(refused));
        const upstream = connect(target, '127.0.0.1');
        upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
        client.on('close', () => upstream.destroy());
        upstream.write(startup);
        client.pipe(upstream).pipe(client);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RefusingPooler(server);
  }

  /** The address by way of this. */
  lead(url: string): string {
    const { port } = this.server.address() as AddressInfo;
    return Object.assign(new URL(url), { port }).href;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }
}

function namesIn(startup: Buffer): string[] {
  const texts = startup.subarray(HEADER_BYTES).toString().split('\0');
  return texts.filter((text, index) => index % 2 === 0 && text !== '');
}

function refusal(name: string): Buffer {
  const fields = `SFATAL\0C08P01\0Munsupported startup parameter: ${name}\0\0`;
  const message = Buffer.alloc(5 + fields.length);
  message.write('E');
  message.writeInt32BE(4 + fields.length, 1);
  message.write(fields, 5);
  return message;
}
