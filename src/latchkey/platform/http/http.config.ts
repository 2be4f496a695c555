import { isIP } from 'node:net';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from '../config/config-slice.js';

const HSTS_SCOPES = ['subdomains', 'host', 'off'] as const;
export type HstsScope = (typeof HSTS_SCOPES)[number];

@ConfigSlice()
export class HttpConfig implements RefusesInProduction {
  @FromEnv('HOST')
  @IsString()
  host: string = '127.0.0.1';

  /** 0 lets the system choose a free port. */
  @FromEnv('PORT')
  @IsInt()
  @Min(0)
  @Max(65_535)
  port: number = 3000;

  /** Exact origins (`https://app.example.com`) that may call with credentials. */
  @FromEnv('CORS_ORIGINS')
  @IsArray()
  @Matches(/^https?:\/\/[^/\s*]+$/, {
    each: true,
    message: 'CORS_ORIGINS must list exact origins such as https://app.example.com, without a path',
  })
  corsOrigins: string[] = [];

  /** Addresses or CIDR ranges whose `X-Forwarded-For` is believed. */
  @FromEnv('TRUSTED_PROXIES')
  @IsArray()
  @ValidateBy(
    { name: 'isAddressRange', validator: { validate: isAddressRange } },
    { each: true, message: 'TRUSTED_PROXIES must list addresses or CIDR ranges' },
  )
  trustedProxies: string[] = [];

  /** For plain-http development in browsers that refuse `Secure` on localhost. */
  @FromEnv('COOKIE_INSECURE')
  @IsBoolean()
  cookieInsecure: boolean = false;

  /**
   * For whom browsers are told, in production and for a year, to use https alone (RFC 6797): this host and
   * those below it, this host, or nobody.
   */
  @FromEnv('HSTS')
  @IsIn(HSTS_SCOPES)
  hsts: HstsScope = 'subdomains';

  /** What the session's cookie is called, and how the device's begins; `__Host-` comes before it. */
  @FromEnv('COOKIE_NAME')
  @Matches(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
    message: 'COOKIE_NAME must be a word of letters, digits, - and _',
  })
  cookieName: string = 'latchkey';

  /**
   * On which requests browsers send the cookies (RFC 6265bis section 5.6.7). `lax` also when somebody
   * follows a link to a page; `none` also from pages of other sites, of which those in `CORS_ORIGINS`
   * may then use the session.
   */
  @FromEnv('COOKIE_SAME_SITE')
  @IsIn(['strict', 'lax', 'none'])
  @ValidateBy(
    {
      name: 'isForListedOrigins',
      validator: {
        validate: (value, args) =>
          value !== 'none' || (args?.object as HttpConfig | undefined)?.corsOrigins.length !== 0,
      },
    },
    { message: 'COOKIE_SAME_SITE for other sites needs their origins in CORS_ORIGINS' },
  )
  cookieSameSite: 'strict' | 'lax' | 'none' = 'strict';

  /** How long a connection is kept on which nothing is asked. */
  @FromEnv('KEEP_ALIVE_SECONDS')
  @IsInt()
  @Min(1)
  @Max(3600)
  keepAliveSeconds: number = 72;

  /** Within which a request must have arrived, from its first byte to the last of its body. */
  @FromEnv('REQUEST_TIMEOUT_SECONDS')
  @IsInt()
  @Min(1)
  @Max(3600)
  requestTimeoutSeconds: number = 30;

  productionRefusals(): string[] {
    return this.cookieInsecure ? ['COOKIE_INSECURE must not be true in production'] : [];
  }
}

function isAddressRange(value: unknown): boolean {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(String(value)) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits ?? 0) <= (family === 4 ? 32 : 128);
}
