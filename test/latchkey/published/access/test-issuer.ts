import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import type { JwtAlgorithm } from '../../../../src/latchkey/access/verification/verification-keys.js';
import {
  generateSigningKey,
  type SigningKeyMaterial,
} from '../../../../src/latchkey/tokens/keys/store/signing-key-material.js';
import { type Members, signToken } from '../../../builders/access-tokens.js';

export const AUDIENCE = 'latchkey';

/** What the issuer answers instead of its keys. */
export type OtherAnswer = (response: http.ServerResponse, keys: readonly unknown[]) => void;

/** A party that signs tokens and publishes keys, good or bad, and can be away. */
export class TestIssuer {
  /** How often its keys have been fetched. */
  fetches = 0;
  maxAgeSeconds = 300;
  otherAnswer?: OtherAnswer;
  /** What its metadata name. */
  deploymentId: string | undefined = randomUUID();
  /** What it publishes. */
  keys: unknown[] = [];

  private constructor(
    private server: http.Server,
    private port: number,
    private material: SigningKeyMaterial,
  ) {}

  static async start(algorithm: JwtAlgorithm = 'ES256'): Promise<TestIssuer> {
    const issuer = new TestIssuer(http.createServer(), 0, await generateSigningKey(algorithm));
    issuer.keys = [issuer.publicJwk];
    await issuer.open();
    return issuer;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The options of a service that goes by its tokens. */
  get options() {
    return { issuer: this.origin, audience: AUDIENCE, jwksUri: `${this.origin}/jwks` };
  }

  get signingKey(): SigningKeyMaterial {
    return this.material;
  }

  get publicJwk(): JWK {
    return this.material.publicJwk ?? {};
  }

  /** Signs with a new key from now on; whether it is published is up to the test. */
  async changeKey(algorithm: JwtAlgorithm = 'ES256'): Promise<void> {
    this.material = await generateSigningKey(algorithm);
  }

  /** A good token, but for what is given. */
  token(claims: Members = {}, header: Members = {}): string {
    return signToken(this.material, { ...this.claims(), ...claims }, header);
  }

  claims(): Members {
    const now = Math.floor(Date.now() / 1000);
    return {
      iss: this.origin,
      aud: AUDIENCE,
      sub: uuidv7(),
      sid: uuidv7(),
      jti: uuidv7(),
      client_id: 'test',
      roles: ['user'],
      permissions: ['orders:read'],
      auth_time: now,
      amr: ['pwd'],
      iat: now,
      exp: now + 300,
      uv: 1,
      rv: 1,
    };
  }

  /** Listens, on the same port as ever. */
  async open(): Promise<void> {
    this.server = http.createServer(({ url }, response) =>
      url === '/jwks' ? this.answer(response) : this.answerMetadata(response),
    );
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Refuses connections. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answerMetadata(response: http.ServerResponse): void {
    const { origin: issuer, deploymentId: latchkey_deployment_id } = this;
    response.end(JSON.stringify({ issuer, latchkey_deployment_id }));
  }

  private answer(response: http.ServerResponse): void {
    this.fetches++;
    if (this.otherAnswer !== undefined) {
      this.otherAnswer(response, this.keys);
      return;
    }
    response
      .setHeader('Cache-Control', `public, max-age=${this.maxAgeSeconds}`)
      .setHeader('Content-Type', 'application/json')
      .end(JSON.stringify({ keys: this.keys }));
  }
}
