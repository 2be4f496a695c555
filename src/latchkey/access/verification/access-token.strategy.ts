import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Jwt } from 'jsonwebtoken';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../principal.js';
import { AccessTokenVerifier, authenticToken } from './access-token-verifier.js';
import { bearerTokenOf } from './bearer-token.js';

export const ACCESS_TOKEN_STRATEGY = 'access-token';

/**
 * The first sight of an access token, as a passport strategy. It gets a KeyObject: a PEM text would
 * be parsed again for every token.
 */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN_STRATEGY) {
  constructor(private readonly verifier: AccessTokenVerifier) {
    const { ignoreExpiration, ...jsonWebTokenOptions } = verifier.signatureRules;
    const { algorithms, issuer, audience } = jsonWebTokenOptions;
    super({
      jwtFromRequest: bearerTokenOf,
      secretOrKeyProvider: (_request: unknown, token: string, done: KeyCallback) => {
        verifier.keyFor(token).then((key) => done(null, key), done);
      },
      algorithms,
      issuer,
      audience,
      // passport-jwt overrides these four with its own options, this one with false.
      ignoreExpiration,
      jsonWebTokenOptions,
    });
  }

  validate(token: Jwt): Principal {
    return this.verifier.principalFrom(authenticToken(token));
  }
}

// biome-ignore lint/suspicious/noExplicitAny: passport-jwt types the key as text although it takes a KeyObject
type KeyCallback = (error: any, key?: any) => void;
