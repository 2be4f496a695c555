import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccessTokenVerifier } from '../../../src/latchkey/published/access/create-access-token-verifier.js';
import type { ResourceServerOptions } from '../../../src/latchkey/published/access/resource-server-options.js';
import { PASSWORD, type SignedIn, signIn, uniqueEmail } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { ServedProcess } from '../../support/served-process.js';
import { createStores, type Stores } from '../../support/stores.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { ISSUER } from '../../support/test-app.js';
import { TestRedis } from '../../support/test-redis.js';

/** Of every service here. */
const STALENESS_SECONDS = 1;
const WITHIN = { within: 25 };

export const UNAVAILABLE = 'access.revocation_unavailable';
export const REVOKED = 'access.token_revoked';

/** A service that only verifies, and everything that it ever answered to each token. */
export class WatchedService {
  private readonly verifier;
  private readonly seen = new Map<string, Set<string>>();
  private watching = true;
  private readonly watches: Promise<void>[] = [];

  constructor(options: ResourceServerOptions) {
    this.verifier = createAccessTokenVerifier({
      revocationMaxStalenessSeconds: STALENESS_SECONDS,
      ...options,
    });
  }

  async outcome({ accessToken }: SignedIn): Promise<string> {
    return this.verifier.verifyAccessToken(accessToken).then(
      () => 'accepted',
      ({ code }) => code,
    );
  }

  becomes(session: SignedIn, expected: string): Promise<void> {
    return eventually(async () => {
      const outcome = await this.outcome(session);
      if (outcome !== expected) throw new Error(`It answers ${outcome}, not ${expected}.`);
    }, WITHIN);
  }

  /** Asks about a session from now on, again and again. */
  watch(session: SignedIn): void {
    const seen = new Set<string>();
    this.seen.set(session.sessionId, seen);
    const ask = async () => {
      seen.add(await this.outcome(session));
      if (this.watching) throw new Error('It goes on.');
    };
    this.watches.push(eventually(ask, { within: 300 }));
  }

  /** Every answer about the session while it was watched. */
  answers({ sessionId }: SignedIn): string[] {
    return [...(this.seen.get(sessionId) ?? [])];
  }

  async close(): Promise<void> {
    this.watching = false;
    await Promise.all(this.watches);
    await this.verifier.close();
  }
}

/**
 * One process of the service, its stores, and services that only verify, each side with a way to
 * Redis of its own. What the issuer publishes is there also while it is not.
 */
export class VerifyingStage {
  private readonly services = new Set<WatchedService>();

  private constructor(
    readonly redis: TestRedis,
    readonly stores: Stores,
    readonly wayOfBackend: TcpProxy,
    readonly wayOfServices: TcpProxy,
    public backend: ServedProcess,
    private readonly owner: SignedIn,
    private readonly documents: http.Server,
  ) {}

  static async start(): Promise<VerifyingStage> {
    const [redis, stores] = await Promise.all([TestRedis.start(), createStores()]);
    const port = redis.port;
    const [ofBackend, ofServices] = [await TcpProxy.start(port), await TcpProxy.start(port)];
    const backend = await startBackend(stores, ofBackend);
    const email = uniqueEmail();
    await backend.api.post('/auth/register', { email, password: PASSWORD });
    const owner = await signIn(backend.api, email);
    const documents = await publish(backend, ['jwks.json', 'oauth-authorization-server']);
    return new VerifyingStage(redis, stores, ofBackend, ofServices, backend, owner, documents);
  }

  /** One more session of the one user. */
  signIn(): Promise<SignedIn> {
    return signIn(this.backend.api, this.owner.email);
  }

  async revoke({ sessionId }: SignedIn): Promise<void> {
    const { accessToken: token } = this.owner;
    const { status } = await this.backend.api.delete(`/auth/sessions/${sessionId}`, { token });
    if (status !== 204) throw new Error(`Revoking answered ${status}.`);
  }

  startService(options: Partial<ResourceServerOptions> = {}): WatchedService {
    const service = new WatchedService({
      issuer: ISSUER,
      audience: 'latchkey',
      jwksUri: `http://127.0.0.1:${(this.documents.address() as AddressInfo).port}/jwks.json`,
      redisUrl: `redis://127.0.0.1:${this.wayOfServices.port}`,
      ...options,
    });
    this.services.add(service);
    return service;
  }

  async closeServices(): Promise<void> {
    await Promise.all([...this.services].map((service) => service.close()));
    this.services.clear();
  }

  stopBackend(): void {
    process.kill(this.backend.pid, 'SIGSTOP');
  }

  continueBackend(): void {
    process.kill(this.backend.pid, 'SIGCONT');
  }

  async killBackend(): Promise<void> {
    await this.backend.kill();
  }

  async startBackend(): Promise<void> {
    this.backend = await startBackend(this.stores, this.wayOfBackend);
  }

  async close(): Promise<void> {
    await this.closeServices();
    await this.backend.kill();
    this.documents.close();
    await Promise.all([this.wayOfBackend.stop(), this.wayOfServices.stop()]);
    await Promise.all([this.redis.stop(), this.stores.drop()]);
  }
}

/** Serves a copy of these documents of the issuer. */
async function publish({ api }: ServedProcess, names: readonly string[]): Promise<http.Server> {
  const copies = new Map<string, string>();
  for (const name of names) copies.set(`/${name}`, (await api.get(`/.well-known/${name}`)).text);
  const server = http.createServer(({ url = '' }, response) => response.end(copies.get(url)));
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return server;
}

function startBackend(stores: Stores, { port }: TcpProxy): Promise<ServedProcess> {
  const { databaseUrl } = stores;
  return ServedProcess.start(
    { databaseUrl, redisUrl: `redis://127.0.0.1:${port}` },
    { REVOCATION_POLL_SECONDS: '1' },
  );
}
