import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AccessConfig } from '../../access/access.config.js';
import type { JwtAlgorithm } from '../../access/verification/verification-keys.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { SigningKeys } from '../../tokens/keys/signing-keys.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import type { IdTokenAlgorithm } from './id-token-algorithm.js';

/** What every client can verify: OpenID Connect Core section 15.1 has it offered. */
const OF_EVERY_CLIENT: JwtAlgorithm = 'RS256';

/** Signs what clients are told: ID tokens and logout tokens, by the algorithm that each is registered with. */
@Injectable()
export class ClientTokenSigner implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly access: AccessConfig,
    private readonly config: SingleSignOnConfig,
  ) {}

  /** @throws StartupError where clients could not verify what they are told */
  onModuleInit(): void {
    if (!this.config.isOn || this.access.algorithm !== 'HS256') return;
    throw new StartupError(
      'SINGLE_SIGN_ON=on needs keys that clients can verify with: set JWT_ALGORITHM to ES256, RS256 or PS256.',
    );
  }

  /** Makes keys of RS256 where access tokens have another algorithm, and none where nobody signs in through us. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.isOn || this.access.algorithm === OF_EVERY_CLIENT) return;
    await this.keys.ensureOfIdTokens(OF_EVERY_CLIENT);
  }

  /** What can be signed by now. */
  get algorithms(): JwtAlgorithm[] {
    return this.keys.ofIdTokens().map(({ algorithm }) => algorithm);
  }

  /**
   * With the key that is current at this moment. Of an algorithm that the settings offer no more, with that of
   * access tokens: the client will refuse it, as it has to.
   */
  sign(claims: object, { typ, algorithm: wanted }: { typ: string; algorithm: IdTokenAlgorithm }) {
    const keys = this.keys.ofIdTokens();
    const key = keys.find(({ algorithm }) => algorithm === wanted) ?? keys[0];
    const { kid, algorithm, privateKey } = key;
    return this.jwt.sign(claims, { algorithm, privateKey, header: { alg: algorithm, kid, typ } });
  }
}
