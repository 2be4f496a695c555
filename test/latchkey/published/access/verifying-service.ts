import { Logger } from '@nestjs/common';
import {
  type AccessTokenVerifier,
  createAccessTokenVerifier,
} from '../../../../src/latchkey/published/access/create-access-token-verifier.js';
import type { ResourceServerOptions } from '../../../../src/latchkey/published/access/resource-server-options.js';
import { TestIssuer } from './test-issuer.js';

// As in every test application.
Logger.overrideLogger(false);

/** An issuer, and a service that goes by it. */
export class VerifyingService {
  private verifier?: AccessTokenVerifier;

  private constructor(readonly issuer: TestIssuer) {}

  /** Has fetched nothing yet. */
  static async create(): Promise<VerifyingService> {
    return new VerifyingService(await TestIssuer.start());
  }

  start(options: Partial<ResourceServerOptions> = {}): void {
    this.verifier = createAccessTokenVerifier({ ...this.issuer.options, ...options });
  }

  /** What becomes of a token: `accepted`, or the code of the refusal. */
  async outcome(token = this.issuer.token()): Promise<string> {
    const refusal = await this.refusal(token);
    return refusal?.code ?? 'accepted';
  }

  // biome-ignore lint/suspicious/noExplicitAny: what is thrown is for each test to expect
  async refusal(token = this.issuer.token()): Promise<any> {
    if (this.verifier === undefined) throw new Error('The service has not been started.');
    return this.verifier.verifyAccessToken(token).then(
      () => undefined,
      (error) => error,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.verifier?.close();
    await this.issuer.close().catch(() => undefined);
  }
}
