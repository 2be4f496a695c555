import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';

interface Service {
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly restart?: string;
  readonly stop_grace_period?: string;
}

/** What the compose file decides itself: the image listens in a container, on stores beside it. */
const SETTLED = ['NODE_ENV', 'HOST', 'PORT', 'DATABASE_URL', 'REDIS_URL'];
const REQUIRED = ['APP_SECRETS', 'JWT_ISSUER'];

let services: Readonly<Record<string, Service>>;
let text: string;
let settings: string[];
beforeAll(async () => {
  text = await readFile('docker-compose.yml', 'utf8');
  ({ services } = load(text) as { services: typeof services });
  const example = await readFile('.env.example', 'utf8');
  settings = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);
});

describe('docker-compose.yml', () => {
  it('passes every setting of .env.example on, and no other', () => {
    const { environment = {} } = services.latchkey ?? {};
    expect(Object.keys(environment).sort()).toEqual([...settings].sort());
    const passed = settings.filter((name) => ![...SETTLED, ...REQUIRED].includes(name));
    expect(passed).toContain('TRUSTED_PROXIES');
    for (const name of passed) expect(environment[name]).toBe(`\${${name}:-}`);
    for (const name of REQUIRED) expect(environment[name]).toMatch(`\${${name}:?`);
    expect(environment.NODE_ENV).toBe('production');
  });

  it('has no secret and no issuer by default: without them nothing starts', () => {
    const interpolated = [...text.matchAll(/\$\{([A-Z_]+)(:?[-?][^}]*)?\}/g)];
    for (const [, name = '', otherwise = ''] of interpolated) {
      const isSecret = /SECRET|PASSWORD/.test(name) && !settings.includes(name);
      if (isSecret || REQUIRED.includes(name))
        expect([name, otherwise]).toEqual([name, expect.stringMatching(/^:\?/)]);
      else expect([name, otherwise]).toEqual([name, ':-']);
    }
    const addresses = Object.values(services.latchkey?.environment ?? {}).map(String);
    for (const address of addresses) {
      expect(address.replace(/\$\{[^}]*\}/g, '')).not.toMatch(/:\/\/[^/@]*:[^/@]+@|localhost/);
    }
  });

  it('starts each service anew that has ended, and gives it time to end', () => {
    for (const { restart } of Object.values(services)) expect(restart).toBe('unless-stopped');
    const seconds = (name: string) => Number.parseInt(services[name]?.stop_grace_period ?? '0', 10);
    expect(seconds('latchkey')).toBeGreaterThanOrEqual(30);
    expect(seconds('postgres')).toBeGreaterThanOrEqual(30);
  });

  it('gives the service a read-only file system, no rights of root, and a limit of memory', () => {
    expect(services.latchkey).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/^\d+[mg]$/),
    });
  });
});
