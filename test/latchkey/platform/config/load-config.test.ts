import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import '../../../../src/latchkey/latchkey.module.js';
import {
  type Environment,
  loadConfig,
} from '../../../../src/latchkey/platform/config/load-config.js';
import { misspeltSettings } from '../../../../src/latchkey/platform/config/read-environment.js';
import { SecretsConfig } from '../../../../src/latchkey/platform/config/secrets.config.js';
import '../../../../src/latchkey/boot/create-app.js';
import { HttpConfig } from '../../../../src/latchkey/platform/http/http.config.js';
import { TokensConfig } from '../../../../src/latchkey/tokens/sessions/tokens.config.js';

const RANDOM_SECRET = 'q7Jx2mVb9LwTz4RkPn8sYc3HdGf6UaEe5ioB1vXNQMZ=';

const FIT_FOR_PRODUCTION: Environment = {
  NODE_ENV: 'production',
  APP_SECRETS: RANDOM_SECRET,
  DATABASE_URL: 'postgres://latchkey:pw@db.internal:5432/latchkey',
  JWT_ISSUER: 'https://auth.example.com',
};

/** What stops the start, one line each; none means that it starts. */
function problemsOf(environment: Environment): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    expect((error as Error).name).toBe('StartupError');
    const [head, ...problems] = (error as Error).message.split('\n  - ');
    expect(head).toBe('The environment is not valid:');
    return problems;
  }
}

describe('the environment', () => {
  it('may be empty outside production', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it('is fit for production when it names its secrets, database and issuer', () => {
    expect(problemsOf(FIT_FOR_PRODUCTION)).toEqual([]);
  });

  it.each([
    ['PORT', 'x4711'],
    ['PORT', '-1'],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['NODE_ENV', 'staging'],
    ['LOG_LEVEL', 'loudest'],
    ['DATABASE_URL', 'mysql://root:hunter2@db/latchkey'],
    ['DATABASE_POOL_SIZE', '1'],
    ['DATABASE_POOL_SIZE', '100000'],
    ['REDIS_URL', 'http://:hunter2@redis'],
    ['DEFAULT_ROLE', 'admin'],
    ['DEFAULT_ROLE', 'Member'],
    ['REDIS_COMMAND_TIMEOUT_MS', '0'],
    ['REDIS_COMMAND_TIMEOUT_MS', '60000'],
    ['JWT_ISSUER', 'auth.example.com'],
    ['JWT_ISSUER', 'ftp://auth.example.com'],
    ['JWT_ISSUER', 'https://auth.example.com/?tenant=1'],
    ['JWT_ISSUER', 'https://auth.example.com/#tenant'],
    ['JWT_ALGORITHM', 'none'],
    ['JWT_ALGORITHM', 'ES512'],
    ['ACCESS_TOKEN_TTL_SECONDS', '0'],
    ['ACCESS_TOKEN_TTL_SECONDS', '3601'],
    ['ACCESS_TOKEN_TTL_SECONDS', '15m'],
    ['ACCESS_TOKEN_TTL_SECONDS', 'Infinity'],
    ['REFRESH_GRACE_SECONDS', '-1'],
    ['REFRESH_GRACE_SECONDS', '61'],
    ['SESSION_IDLE_TTL_SECONDS', '0'],
    ['SESSION_IDLE_TTL_SECONDS', '1e12'],
    ['SESSION_ABSOLUTE_TTL_SECONDS', '0'],
    ['SESSION_ABSOLUTE_TTL_SECONDS', '999999999999'],
    ['REVOCATION_POLL_SECONDS', '0'],
    ['REVOCATION_POLL_SECONDS', '86400'],
    ['REVOCATION_MAX_STALENESS_SECONDS', '0'],
    ['REVOCATION_ON_OUTAGE', 'ajar'],
    ['BOOTSTRAP_ADMIN_EMAIL', 'nobody at all'],
    ['CORS_ORIGINS', 'https://app.example.com/path'],
    ['CORS_ORIGINS', 'https://ok.example.com,*'],
    ['TRUSTED_PROXIES', 'proxy.internal'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.999'],
    ['COOKIE_INSECURE', 'yes'],
    ['COOKIE_NAME', 'a name; Domain=example.com'],
    ['COOKIE_SAME_SITE', 'loose'],
    ['COOKIE_SAME_SITE', 'none'],
    ['PASSWORD_MIN_LENGTH', '7'],
    ['PASSWORD_BREACH_CHECK', 'on'],
    ['PASSWORD_BREACH_CHECK', 'ftp://pwned.example/range/'],
    ['PASSWORD_BREACH_CHECK', 'https://pwned.example/range'],
    ['ARGON2_MEMORY_KIB', '4'],
    ['ARGON2_TIME_COST', '0'],
    ['HASHING_CONCURRENCY', '0'],
    ['HASHING_QUEUE', '-1'],
    ['HASHING_MAX_WAIT_SECONDS', '0'],
    ['HASHING_PRIORITY', 'highest'],
    ['REGISTRATION', 'ajar'],
    ['EMAIL_VERIFICATION', 'maybe'],
  ])('is refused, by name and without its value, when %s is %s', (variable, value) => {
    const problems = problemsOf({ [variable]: value });
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem).toContain(variable.replace('BOOTSTRAP_ADMIN_EMAIL', 'BOOTSTRAP_ADMIN_'));
      if (value.length > 2) expect(problem.replaceAll(variable, '')).not.toContain(value);
    }
  });

  it.each([
    ['APP_SECRETS', undefined],
    ['APP_SECRETS', ''],
    ['APP_SECRETS', '   '],
    ['APP_SECRETS', ' , ,'],
    ['APP_SECRETS', 'q7Jx2mVb9LwTz4RkPn8sYc3HdGf6Ua'],
    ['APP_SECRETS', 'a'.repeat(64)],
    ['APP_SECRETS', 'abababababababababababababababababababab'],
    ['APP_SECRETS', 'change-me-change-me-change-me-change-me'],
    ['APP_SECRETS', 'this-is-a-very-secret-value-0123456789'],
    ['APP_SECRETS', 'your-random-string-goes-here-0123456789'],
    ['APP_SECRETS', `${RANDOM_SECRET},short`],
    ['APP_SECRETS', '0123456789abcdef0123456789abcdef'],
    ['APP_SECRETS', 'fedcba9876543210fedcba9876543210'],
    ['APP_SECRETS', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['APP_SECRETS', 'qwertyuiopasdfghjklzxcvbnm1234567890'],
    ['APP_SECRETS', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p'],
    ['APP_SECRETS', 'k7Qz9sLrT2uWk7Qz9sLrT2uWk7Qz9sLrT2uW'],
    ['APP_SECRETS', 'k7Qz9sLrT2uWPcfGk7Qz9sLrT2uWPcfG1'],
    ['DATABASE_URL', undefined],
    ['DATABASE_URL', ''],
    ['JWT_ISSUER', undefined],
    ['JWT_ISSUER', ''],
    ['JWT_ISSUER', 'http://auth.example.com'],
    ['JWT_ISSUER', 'http://localhost:3000'],
    ['REVOCATION_POLL_SECONDS', '6'],
    ['REVOCATION_POLL_SECONDS', '3600'],
    ['COOKIE_INSECURE', 'true'],
    ['ACCESS_TOKEN_TTL_SECONDS', '59'],
    ['ARGON2_MEMORY_KIB', '19455'],
    ['ARGON2_TIME_COST', '1'],
    ['EMAIL_VERIFICATION', 'required'],
    ['RECOVERY', 'on'],
    ['EMAIL_SIGN_IN', 'on'],
  ])('is refused in production, and there alone, when %s is %j', (variable, value) => {
    const weakened = { ...FIT_FOR_PRODUCTION, [variable]: value };
    const problems = problemsOf(weakened);
    expect(problems).toEqual([expect.stringContaining(variable)]);
    if (value && value.length > 5) expect(problems[0]).not.toContain(value);
    expect(problemsOf({ ...weakened, NODE_ENV: 'development' })).toEqual([]);
    expect(problemsOf({ ...weakened, NODE_ENV: ' production ' })).toEqual(problems);
  });

  it('may poll seldom in production where it may be stale for long, for a minute at most', () => {
    const staleFor = (seconds: string) => (poll: string) =>
      problemsOf({
        ...FIT_FOR_PRODUCTION,
        REVOCATION_MAX_STALENESS_SECONDS: seconds,
        REVOCATION_POLL_SECONDS: poll,
      }).length;
    expect([staleFor('60')('30'), staleFor('60')('31')]).toEqual([0, 1]);
    expect([staleFor('3600')('60'), staleFor('3600')('61')]).toEqual([0, 1]);
  });

  it.each([
    ['base64', () => randomBytes(32).toString('base64')],
    ['base64url', () => randomBytes(48).toString('base64url')],
    ['hexadecimal', () => randomBytes(32).toString('hex')],
    ['hexadecimal of 16 bytes', () => randomBytes(16).toString('hex')],
  ])('takes every random secret: %s', (_, secret) => {
    const secrets = Array.from({ length: 2_000 }, secret).filter(
      // One in thousands has so few characters, or spells a word: these are made anew.
      (text) => new Set(text).size >= 10 && !/change|replace|example|secret|your[-_ ]/i.test(text),
    );
    expect(problemsOf({ ...FIT_FOR_PRODUCTION, APP_SECRETS: secrets.join(',') })).toEqual([]);
  });

  it('is refused with everything that is wrong with it at once', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      PORT: 'x',
      JWT_ALGORITHM: 'none',
      COOKIE_INSECURE: 'true',
      SESSION_IDLE_TTL_SECONDS: '0',
    }).join('\n');
    const wrong = ['PORT', 'JWT_ALGORITHM', 'COOKIE_INSECURE', 'SESSION_IDLE_TTL_SECONDS'];
    const missing = ['APP_SECRETS', 'DATABASE_URL', 'JWT_ISSUER'];
    for (const variable of [...wrong, ...missing]) expect(problems).toContain(variable);
  });

  it.each([
    ['the e-mail address', { BOOTSTRAP_ADMIN_EMAIL: 'ada@example.com' }],
    ['the password', { BOOTSTRAP_ADMIN_PASSWORD: 'correct horse battery staple' }],
  ])('is refused when it names of the first admin only %s', (_, environment) => {
    const problems = problemsOf(environment);
    expect(problems).toEqual([expect.stringContaining('BOOTSTRAP_ADMIN_')]);
    expect(problems[0]).not.toMatch(/ada@|horse/);
  });

  it('counts an empty variable as unset', () => {
    const config = loadConfig({ PORT: '', REFRESH_GRACE_SECONDS: ' ', CORS_ORIGINS: '' });
    expect(config.get(HttpConfig)).toMatchObject({ port: 3000, corsOrigins: [] });
    expect(config.get(TokensConfig).refreshGraceSeconds).toBe(10);
  });

  it('reads lists, numbers and booleans', () => {
    const config = loadConfig({
      APP_SECRETS: 'first , second,',
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
      TRUSTED_PROXIES: '10.0.0.0/8,::1,fd00::/8',
      COOKIE_INSECURE: 'true',
      PORT: '0',
    });
    expect(config.get(SecretsConfig).appSecrets).toEqual(['first', 'second']);
    expect(config.get(HttpConfig)).toMatchObject({
      corsOrigins: ['https://a.example', 'http://localhost:5173'],
      trustedProxies: ['10.0.0.0/8', '::1', 'fd00::/8'],
      cookieInsecure: true,
      port: 0,
    });
  });

  it.each([
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['log_level', 'LOG_LEVEL'],
    ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['PASSWORD_MIN_LENGHT', 'PASSWORD_MIN_LENGTH'],
  ])('names what looks like a setting and is none: %s', (written, meant) => {
    expect(misspeltSettings({ [written]: 'hunter2' })).toEqual([
      `Nothing reads ${written}: did you mean ${meant}?`,
    ]);
    expect(misspeltSettings({ [written]: 'hunter2', [meant]: 'set' })).toEqual([]);
  });

  it.each(['HOME', 'HOSTNAME', 'LOGNAME', 'PATH', 'POSTGRES_PASSWORD', 'npm_config_loglevel'])(
    'leaves %s alone',
    (name) => expect(misspeltSettings({ [name]: 'x' })).toEqual([]),
  );
});
