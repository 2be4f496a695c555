import { Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Redis } from 'ioredis';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { TutorialKeys } from './tutorial-keys.js';

interface Claims {
  readonly sub: string;
  readonly jti: string;
  readonly permissions: readonly string[];
}

/** The usual denylist: one Redis command for each request. */
@Injectable()
export class TutorialStrategy extends PassportStrategy(Strategy) {
  constructor(
    keys: TutorialKeys,
    private readonly redis: Redis,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      ignoreExpiration: false,
      // passport-jwt types the key as text although it takes a KeyObject.
      secretOrKey: keys.verifying as string,
      algorithms: [keys.algorithm],
    });
  }

  async validate({ sub, jti, permissions }: Claims) {
    if ((await this.redis.exists(`denylist:${jti}`)) === 1) throw new UnauthorizedException();
    return { userId: sub, permissions };
  }
}
