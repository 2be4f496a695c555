import { Controller, Get, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CurrentUser,
  Public,
  RequirePermissions,
  Roles,
} from '../../../src/latchkey/access/access.decorators.js';
import type { Principal } from '../../../src/latchkey/access/principal.js';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import { createRole, signUp, signUpAdmin, signUpWithRoles } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

/** The features of a team that clones Latchkey. */
@Controller('plain')
class PlainController {
  @Get('bare')
  bare(@CurrentUser() { userId }: Principal): { userId: string } {
    return { userId };
  }

  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }

  @Get('editors')
  @Roles('editor')
  editors(): string {
    return 'editors';
  }

  @Get('editors-or-authors')
  @Roles('editor', 'author')
  editorsOrAuthors(): string {
    return 'editors or authors';
  }

  @Get('publish')
  @RequirePermissions('posts:publish', 'posts:read')
  publish(): string {
    return 'publish';
  }

  @Get('both')
  @Roles('editor')
  @RequirePermissions('posts:publish')
  both(): string {
    return 'both';
  }
}

@Controller('strict')
@Roles('editor')
@RequirePermissions('posts:read')
class StrictController {
  @Get('inherited')
  inherited(): string {
    return 'inherited';
  }

  @Get('added')
  @Roles('author')
  added(): string {
    return 'added';
  }

  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }
}

@Controller('lenient')
@Public()
class LenientController {
  @Get('inherited')
  inherited(): string {
    return 'inherited';
  }

  @Get('editors')
  @Roles('editor')
  editors(): string {
    return 'editors';
  }
}

@Module({
  imports: [LatchkeyModule],
  controllers: [PlainController, StrictController, LenientController],
})
class TeamModule {}

/** Who exists, and what their roles permit. */
const ROLES = {
  nobody: [],
  reader: ['posts:read'],
  author: ['posts:read', 'posts:write'],
  editor: ['posts:read', 'posts:publish'],
  chief: ['posts:*'],
};
type Role = keyof typeof ROLES;

let app: Awaited<ReturnType<typeof startTestApp>>;
const tokens = new Map<string, string>();

beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' }, { module: TeamModule });
  const admin = await signUpAdmin(app);
  for (const [name, permissions] of Object.entries(ROLES)) {
    await createRole(app, admin, name, permissions);
    tokens.set(name, (await signUpWithRoles(app, admin, [name])).accessToken);
  }
  const both = await signUpWithRoles(app, admin, ['editor', 'author']);
  tokens.set('editor and author', both.accessToken);
  tokens.set('admin', admin.accessToken);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const EVERYBODY = [...Object.keys(ROLES), 'editor and author', 'admin'] as const;
type Caller = Role | 'editor and author' | 'admin';

const rules: [path: string, admitted: readonly Caller[]][] = [
  ['/plain/bare', EVERYBODY as readonly Caller[]],
  ['/plain/editors', ['editor', 'editor and author']],
  ['/plain/editors-or-authors', ['author', 'editor', 'editor and author']],
  ['/plain/publish', ['editor', 'chief', 'editor and author', 'admin']],
  ['/plain/both', ['editor', 'editor and author']],
  ['/strict/inherited', ['editor', 'editor and author']],
  ['/strict/added', ['editor and author']],
  ['/lenient/editors', ['editor', 'editor and author']],
];

describe.each(rules)('GET %s', (path, admitted) => {
  it('demands a signed-in caller', async () => {
    expect(refusalOf(await app.api.get(path))).toEqual(refused(401, 'access.unauthenticated'));
  });

  it(`is for ${admitted.join(', ')} alone`, async () => {
    const statuses = await Promise.all(
      EVERYBODY.map(async (name) => {
        const { status } = await app.api.get(path, { token: tokens.get(name) });
        return [name, status];
      }),
    );
    const expected = EVERYBODY.map((name) => [name, admitted.includes(name as Caller) ? 200 : 403]);
    expect(statuses).toEqual(expected);
  });
});

it.each(['/plain/open', '/strict/open', '/lenient/inherited'])(
  'GET %s lets anybody in, whatever the token that they bring',
  async (path) => {
    for (const token of [undefined, tokens.get('nobody'), 'nonsense']) {
      expect((await app.api.get(path, { token })).status).toBe(200);
    }
  },
);

it('hands the caller to a route that declares nothing', async () => {
  const { userId, accessToken } = await signUp(app);
  const answer = await app.api.get('/plain/bare', { token: accessToken });
  expect(answer.body).toEqual({ userId });
});

it('keeps every route of Latchkey closed but those that are meant to be open', async () => {
  const { body: description } = await app.api.get('/openapi.json');
  const open: string[] = [];
  for (const [template, operations] of Object.entries<object>(description.paths)) {
    const path = template.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000');
    for (const method of Object.keys(operations).map((name) => name.toUpperCase())) {
      const { status, body } = await app.api.send<{ code?: string }>(method, path, undefined);
      const closed = status === 401 && body?.code === 'access.unauthenticated';
      if (!closed) open.push(`${method} ${template}`);
    }
  }
  expect(open.sort()).toEqual([
    'GET /.well-known/jwks.json',
    'GET /.well-known/oauth-authorization-server',
    'GET /.well-known/openid-configuration',
    'GET /.well-known/webauthn',
    'GET /auth/external',
    'GET /auth/external/{provider}/callback',
    'GET /auth/external/{provider}/start',
    'GET /errors',
    'GET /health/live',
    'GET /health/ready',
    'GET /lenient/inherited',
    'GET /metrics',
    'GET /oauth/authorize',
    'GET /oauth/end-session',
    'GET /plain/open',
    'GET /strict/open',
    'POST /auth/email-change/confirm',
    'POST /auth/email-change/undo',
    'POST /auth/email-sign-in/complete',
    'POST /auth/email-sign-in/request',
    'POST /auth/email-verification/confirm',
    'POST /auth/email-verification/request',
    'POST /auth/external/prove',
    'POST /auth/external/{provider}/callback',
    'POST /auth/external/{provider}/token',
    'POST /auth/invitation/accept',
    'POST /auth/login',
    'POST /auth/login/second-factor',
    'POST /auth/logout',
    'POST /auth/passkeys/sign-in',
    'POST /auth/passkeys/sign-in/options',
    'POST /auth/recovery/complete',
    'POST /auth/recovery/request',
    'POST /auth/refresh',
    'POST /auth/register',
    'POST /auth/sessions/end-all',
    'POST /auth/sign-out',
    'POST /auth/sign-out/question',
    'POST /oauth/authorize',
    'POST /oauth/device_authorization',
    'POST /oauth/end-session',
    'POST /oauth/introspect',
    'POST /oauth/par',
    'POST /oauth/revoke',
    'POST /oauth/token',
  ]);
});
