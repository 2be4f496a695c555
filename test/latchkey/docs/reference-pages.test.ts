import { readFile } from 'node:fs/promises';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionCovers } from '../../../src/latchkey/access/permission.js';
import { type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { clientToken, createClient } from '../../builders/clients.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let user: SignedIn;
let ofService: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  user = await signUp(app);
  const client = await createClient(app.api, admin);
  ofService = await clientToken(app.api, client);
});
afterAll(() => app[Symbol.asyncDispose]());

/** The cells of the rows of the tables below a heading, without their code marks. */
async function tableBelow(page: string, heading: string): Promise<string[][]> {
  const text = await readFile(page, 'utf8');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return own
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const coded = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

describe('docs/tokens.md', () => {
  it('has every member of the header, and no other', async () => {
    const rows = await tableBelow('docs/tokens.md', 'The header');
    const header = decodeProtectedHeader(user.accessToken);
    expect(rows.flatMap(([name]) => coded(name)).sort()).toEqual(Object.keys(header).sort());
    expect([header.typ, header.alg]).toEqual(['at+jwt', 'ES256']);
  });

  it('has every claim of a user and of a service, and no other', async () => {
    const rows = await tableBelow('docs/tokens.md', 'The claims');
    const documented = (column: number) =>
      rows.filter((row) => row[column] === 'yes').flatMap(([name]) => coded(name));
    expect(documented(2).sort()).toEqual(Object.keys(decodeJwt(user.accessToken)).sort());
    expect(documented(3).sort()).toEqual(Object.keys(decodeJwt(ofService)).sort());
    const all = rows.flatMap(([name]) => coded(name));
    expect(all).toContain('sv');
  });

  it('says of claims what they are', () => {
    const claims = decodeJwt(user.accessToken);
    expect(claims).toMatchObject({
      sub: user.userId,
      sid: user.sessionId,
      client_id: 'latchkey',
      aud: 'latchkey',
      amr: ['pwd'],
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(900);
    const service = decodeJwt(ofService);
    expect(service.sub).toBe(service.client_id);
  });

  it('says how a refresh token looks', async () => {
    const text = await readFile('docs/tokens.md', 'utf8');
    const letters = Number(/`lkr_` and (\d+) letters of base64url/.exec(text)?.[1]);
    const { refreshToken } = await signIn(app.api, user.email);
    expect(refreshToken).toMatch(new RegExp(`^lkr_[\\w-]{${letters}}$`));
  });
});

describe('docs/permissions.md', () => {
  it('has every permission that a route of Latchkey demands, and no other', async () => {
    const rows = await tableBelow('docs/permissions.md', 'Latchkey’s own').then((found) =>
      found.length > 0 ? found : tableBelow('docs/permissions.md', "Latchkey's own"),
    );
    const { body } = await app.api.get('/admin/permissions?limit=100', {
      token: admin.accessToken,
    });
    const demanded: string[] = body.items.map((item: string | { name: string }) =>
      typeof item === 'string' ? item : item.name,
    );
    const documented = rows.flatMap(([names]) => coded(names));
    expect(documented.sort()).toEqual(demanded.filter((name) => name !== '*').sort());
  });

  it('says what a wildcard covers', () => {
    expect(permissionCovers('notes:*', 'notes:write')).toBe(true);
    expect(permissionCovers('notes:*', 'notes-archive:write')).toBe(false);
    expect(permissionCovers('*', 'anything:else')).toBe(true);
    expect(permissionCovers('notes:write', 'notes:*')).toBe(false);
  });
});
