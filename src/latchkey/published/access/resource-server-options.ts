import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Max,
  Min,
  MinLength,
  ValidateBy,
  validateSync,
} from 'class-validator';
import { StartupError } from '../../platform/errors/startup-error.js';
import { findRedisAddress } from '../../platform/redis/redis-address.js';

export interface ResourceServerOptions {
  /** Claim `iss` of every token, compared to the byte: Latchkey's `JWT_ISSUER`. */
  readonly issuer: string;
  /** Claim `aud` of every token: Latchkey's `JWT_AUDIENCE`. */
  readonly audience: string;
  /** Where the keys are: the address of Latchkey's `/.well-known/jwks.json`. */
  readonly jwksUri: string;
  /**
   * The Redis that Latchkey publishes revocations to, in any form that its `REDIS_URL` has.
   * Without it a revoked token is accepted until it expires.
   */
  readonly redisUrl?: string;
  /**
   * Where the metadata of RFC 8414 is, which name the deployment whose revocations count. Left out:
   * `oauth-authorization-server` beside `jwksUri`.
   */
  readonly metadataUri?: string;
  /** The same id, for a service that cannot ask: `latchkey_deployment_id` in the metadata. */
  readonly deploymentId?: string;
  /** What a fetch of the keys may take. Default 3,000, from 100 to 30,000. */
  readonly jwksTimeoutMilliseconds?: number;
  /** For how long keys are used that could not be fetched again. Default a day, from 60 on. */
  readonly jwksMaxStalenessSeconds?: number;
  /** How long nothing may be heard from Redis. Default 10, from 1 to 3,600. */
  readonly revocationMaxStalenessSeconds?: number;
  /** Past that: `closed` (default) answers 503, `open` goes by what is known and logs it. */
  readonly revocationOnOutage?: 'closed' | 'open';
  /**
   * When Latchkey has to prove that everything which was revoked is in Redis: `afterGaps` (default)
   * once after each time in which something may have been missed, `always` within
   * `revocationMaxStalenessSeconds`, so that a Latchkey that is cut off from Redis, or away, closes
   * the routes as well.
   */
  readonly revocationProof?: 'afterGaps' | 'always';
  /**
   * Says to those who have no token yet which resource this is, who gives out tokens for it and for which scopes
   * (RFC 9728), and leads there from each challenge. `audience` has to be the address that the resource is known by.
   */
  readonly protectedResource?: ProtectedResourceOptions;
}

export interface ProtectedResourceOptions {
  /** What a client may ask for here. Those that it should ask for first, if it is not told which it needs. */
  readonly scopes?: readonly string[];
  /** For people. */
  readonly name?: string;
  /** Where developers read about it. */
  readonly documentation?: string;
}

const WEB_ADDRESS = {
  require_tld: false,
  protocols: ['http', 'https'],
  require_protocol: true,
  disallow_auth: true,
};

const DAY_SECONDS = 86_400;

/** The options as they hold: checked, with their defaults. */
export class ResourceServerSettings {
  @IsUrl(WEB_ADDRESS)
  issuer: string = '';

  @IsString()
  @MinLength(1)
  audience: string = '';

  @IsUrl(WEB_ADDRESS)
  jwksUri: string = '';

  @IsOptional()
  @ValidateBy({
    name: 'isRedisAddress',
    validator: {
      validate: (url) => typeof url === 'string' && findRedisAddress(url) !== null,
      defaultMessage: () => 'redisUrl must look like redis://user:password@host:6379/0',
    },
  })
  redisUrl?: string;

  @IsOptional()
  @IsUrl(WEB_ADDRESS)
  metadataUri?: string;

  @IsOptional()
  @IsUUID()
  deploymentId?: string;

  @IsInt()
  @Min(100)
  @Max(30_000)
  jwksTimeoutMilliseconds: number = 3_000;

  @IsInt()
  @Min(60)
  jwksMaxStalenessSeconds: number = DAY_SECONDS;

  @IsInt()
  @Min(1)
  @Max(3_600)
  revocationMaxStalenessSeconds: number = 10;

  @IsIn(['closed', 'open'])
  revocationOnOutage: 'closed' | 'open' = 'closed';

  @IsIn(['afterGaps', 'always'])
  revocationProof: 'afterGaps' | 'always' = 'afterGaps';

  @IsOptional()
  @ValidateBy({
    name: 'isProtectedResource',
    validator: {
      validate: (given, context) => isProtectedResource(given, context?.object),
      defaultMessage: () =>
        'protectedResource holds scopes, name and documentation, and needs an audience that is an http(s) address without query and fragment',
    },
  })
  protectedResource?: ProtectedResourceOptions;

  /** Latchkey has its documents side by side, also below a path or at an inner address. */
  get metadataAddress(): string {
    return this.metadataUri ?? new URL('oauth-authorization-server', this.jwksUri).href;
  }

  /** @throws StartupError naming every option that is wrong, and never its value */
  static from(options: ResourceServerOptions): ResourceServerSettings {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    const settings = Object.assign(new ResourceServerSettings(), Object.fromEntries(given));
    const rules = { whitelist: true, forbidNonWhitelisted: true };
    const problems = validateSync(settings, rules).flatMap(({ constraints }) =>
      Object.values(constraints ?? {}),
    );
    if (problems.length === 0) return settings;
    const list = problems.map((problem) => `\n  - ${problem}`).join('');
    throw new StartupError(`The options of latchkey/access are not valid:${list}`);
  }
}

const SCOPE = /^[!#-[\]-~]+$/;

/** RFC 9728 section 1.2, but for plain http, which is for machines of developers. */
function isProtectedResource(given: unknown, settings: unknown): boolean {
  const { scopes = [], name = '', documentation = '', ...unknown } = Object(given);
  const { audience } = settings as ResourceServerSettings;
  if (Object.keys(unknown).length > 0 || !/^https?:\/\/[^?#]+$/.test(audience)) return false;
  return (
    URL.canParse(audience) &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string' && SCOPE.test(scope)) &&
    typeof name === 'string' &&
    (documentation === '' || (typeof documentation === 'string' && URL.canParse(documentation)))
  );
}
