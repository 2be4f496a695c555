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
import { ClaimsContributor } from '../../../src/latchkey/tokens/access-tokens/claims-contributor.js';
import {
  createRole,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../builders/accounts.js';
import { startTestApp } from '../../support/test-app.js';

class TenantClaims extends ClaimsContributor {
  readonly claims = ['tenant'];

  contribute() {
    return { tenant: 'acme' };
  }
}

@Controller('vault')
@RequirePermissions('vault:enter')
class VaultController {
  @Get()
  look(@CurrentUser() { claims }: Principal) {
    return { tenant: claims.tenant };
  }

  @Get('gold')
  @RequirePermissions('gold:read')
  gold() {
    return {};
  }

  @Get('keys')
  @Roles('guard', 'admin')
  keys() {
    return {};
  }

  @Get('door')
  @Public()
  door() {
    return {};
  }
}

@Controller('lobby')
@Public()
class LobbyController {
  @Get()
  enter() {
    return {};
  }

  @Get('desk')
  @Roles('guard')
  desk() {
    return {};
  }
}

@Module({
  imports: [LatchkeyModule],
  controllers: [VaultController, LobbyController],
  providers: [{ provide: ClaimsContributor, useClass: TenantClaims }],
})
class VaultModule {}

describe('what a team’s own routes demand', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  const callers: Record<string, SignedIn> = {};
  beforeAll(async () => {
    app = await startTestApp({}, { module: VaultModule });
    const admin = await signUpAdmin(app);
    await createRole(app, admin, 'visitor', ['vault:enter']);
    await createRole(app, admin, 'miner', ['vault:enter', 'gold:*']);
    await createRole(app, admin, 'guard', []);
    Object.assign(callers, {
      user: await signUp(app),
      visitor: await signUpWithRoles(app, admin, ['visitor']),
      miner: await signUpWithRoles(app, admin, ['miner']),
      guard: await signUpWithRoles(app, admin, ['guard']),
      'visiting guard': await signUpWithRoles(app, admin, ['visitor', 'guard']),
      admin,
    });
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it.each([
    ['/vault', { permissions: ['vault:enter'] }, 'visitor miner visiting guard admin'],
    ['/vault/gold', { permissions: ['vault:enter', 'gold:read'] }, 'miner admin'],
    [
      '/vault/keys',
      { permissions: ['vault:enter'], roles: ['guard', 'admin'] },
      'visiting guard admin',
    ],
    ['/vault/door', { isPublic: true }, 'nobody user visitor miner guard visiting guard admin'],
    ['/lobby', { isPublic: true }, 'nobody user visitor miner guard visiting guard admin'],
    ['/lobby/desk', { roles: ['guard'] }, 'guard visiting guard'],
  ])('%s: what the description says of it is what the guard does', async (path, said, admitted) => {
    const { paths } = (await app.api.get('/openapi.json')).body;
    const operation = paths[path].get;
    expect({
      isPublic: operation['x-public'],
      permissions: operation['x-permissions'],
      roles: operation['x-roles'],
    }).toEqual(said);
    expect(operation['x-errors'].includes('access.forbidden')).toBe(!('isPublic' in said));

    const names = ['nobody', ...Object.keys(callers)];
    const statuses = await Promise.all(
      names.map(async (name) => {
        const { status } = await app.api.get(path, { token: callers[name]?.accessToken });
        return status === 200 ? name : '';
      }),
    );
    expect(statuses.filter(Boolean).join(' ')).toBe(admitted);
  });

  it('and the claim that it adds is there for its handlers', async () => {
    const answer = await app.api.get('/vault', { token: callers.visitor?.accessToken });
    expect(answer.body).toEqual({ tenant: 'acme' });
  });
});
