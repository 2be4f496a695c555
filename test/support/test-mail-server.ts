import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import type { SelfSigned } from './self-signed.js';

/** A mail as the server has taken it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
}

/** The steps of sending at which something may happen; `taken`: just before the last answer. */
export type SmtpStep = 'connect' | 'mail' | 'rcpt' | 'data' | 'taken';

/** A server that takes mail by STARTTLS and a password alone. */
export interface SubmissionSettings extends SelfSigned {
  readonly user: string;
  readonly password: string;
}

/** A real SMTP server on a port that stays its own while it is stopped. */
export class TestMailServer {
  readonly received: ReceivedMail[] = [];
  /** Who has tried to log in, and whether by TLS. */
  readonly logins: { username: string; password: string; secure: boolean }[] = [];
  /** What is done at a step before the client hears that it succeeded. */
  at: (step: SmtpStep, address: string) => Promise<void> | void = () => undefined;
  private server?: SMTPServer;

  private constructor(
    readonly port: number,
    private readonly submission?: SubmissionSettings,
  ) {}

  static async start(submission?: SubmissionSettings): Promise<TestMailServer> {
    const server = new TestMailServer(await findFreePort(), submission);
    await server.resume();
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Those that went to an address, in the order in which they came. */
  sentTo(address: string): ReceivedMail[] {
    return this.received.filter(({ to }) => to.includes(address));
  }

  async resume(): Promise<void> {
    const step = (name: SmtpStep, address: string, done: (error?: Error | null) => void) =>
      void Promise.resolve()
        .then(() => this.at(name, address))
        .then(() => done(), done);
    const server = new SMTPServer({
      closeTimeout: 100,
      // It may be silent for longer than any client waits.
      socketTimeout: 1_800_000,
      ...this.admission(),
      onConnect: (_session, done) => step('connect', '', done),
      onMailFrom: ({ address }, _session, done) => step('mail', address, done),
      onRcptTo: ({ address }, _session, done) => step('rcpt', address, done),
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        step('data', '', (error) => error && done(error));
        stream.on('end', () => {
          const to = envelope.rcptTo.map(({ address }) => address);
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          this.received.push({ from, to, ...read(Buffer.concat(chunks).toString('utf8')) });
          step('taken', to[0] ?? '', done);
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
  }

  private admission(): SMTPServerOptions {
    if (this.submission === undefined)
      return { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] };
    const { cert, key, user, password } = this.submission;
    return {
      cert,
      key,
      onAuth: ({ username, password: shown }, { secure }, done) => {
        this.logins.push({ username: username ?? '', password: shown ?? '', secure });
        if (username === user && shown === password) done(null, { user });
        else done(new Error('No.'));
      },
    };
  }

  /** Refuses connections until it is resumed. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

function read(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = split(raw);
  const [, boundary = ''] = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '') ?? [];
  const parts = body.split(`--${boundary}`).map(split);
  const part = (type: string) => {
    const found = parts.find((one) => one.headers.get('content-type')?.startsWith(type));
    return found === undefined
      ? ''
      : decode(found.body, found.headers.get('content-transfer-encoding'));
  };
  return { headers, text: part('text/plain'), html: part('text/html') };
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const text = raw.replace(/^\r?\n/, '');
  const end = text.search(/\r?\n\r?\n/);
  const lines = text
    .slice(0, end)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  const headers = new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()] as const;
    }),
  );
  return { headers, body: text.slice(end).replace(/^(\r?\n){2}/, '') };
}

function decode(body: string, encoding = ''): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
