import { IsIn, IsInt, IsOptional, IsString, IsUrl, Max, Min, MinLength } from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from '../platform/config/config-slice.js';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './verification/verification-keys.js';

/** What an access token must say to be accepted here. */
@ConfigSlice()
export class AccessConfig implements RefusesInProduction {
  @FromEnv('JWT_ISSUER')
  @IsOptional()
  @IsUrl(
    {
      require_tld: false,
      protocols: ['http', 'https'],
      require_protocol: true,
      allow_query_components: false,
      allow_fragments: false,
    },
    { message: 'JWT_ISSUER must be a URL of http or https, without query or fragment (RFC 8414)' },
  )
  configuredIssuer?: string;

  @FromEnv('JWT_AUDIENCE')
  @IsString()
  @MinLength(1)
  audience: string = 'latchkey';

  @FromEnv('JWT_ALGORITHM')
  @IsIn(JWT_ALGORITHMS)
  algorithm: JwtAlgorithm = 'ES256';

  @FromEnv('PORT')
  @IsInt()
  port: number = 3000;

  /** How long ago the sign-in may be at `@RequireFreshSignIn()`. */
  @FromEnv('FRESH_SIGN_IN_SECONDS')
  @IsInt()
  @Min(1)
  @Max(86_400)
  freshSignInSeconds: number = 600;

  /** Compared to the byte (RFC 9068 section 4). */
  get issuer(): string {
    return this.configuredIssuer ?? `http://localhost:${this.port}`;
  }

  productionRefusals(): string[] {
    if (this.configuredIssuer === undefined) {
      return [
        'JWT_ISSUER must be set in production to the address that clients know the server by',
      ];
    }
    // RFC 8414 section 2: what is read there says by which keys tokens are verified.
    return this.configuredIssuer.startsWith('https://')
      ? []
      : ['JWT_ISSUER must be an https URL in production'];
  }
}
