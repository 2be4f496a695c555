/** Decorators that contradict each other, and what extending and overriding may not lose. */

import { Controller, Get, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import { StartupError } from '../../../src/latchkey/platform/errors/startup-error.js';
import {
  AccessModule,
  Public,
  RequirePermissions,
  Roles,
} from '../../../src/latchkey/published/access/index.js';
import { ApiClient } from '../../support/api-client.js';
import { startTestApp } from '../../support/test-app.js';
import { TestIssuer } from '../published/access/test-issuer.js';

class Handlers {
  @Get('open')
  @Public()
  open() {
    return {};
  }

  @Get('closed')
  closed() {
    return {};
  }

  @Get('gold')
  @RequirePermissions('gold:read')
  gold() {
    return {};
  }
}

@Public()
class Lobby extends Handlers {}

@Roles('guard')
class Vault extends Handlers {}

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await TestIssuer.start();
});
afterAll(() => issuer.close());

/** A service that verifies Latchkey's tokens, with these controllers. */
async function startService(...controllers: Type[]): Promise<NestFastifyApplication> {
  @Module({ imports: [AccessModule.forRoot(issuer.options)], controllers })
  class ServiceModule {}
  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule,
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  await app.listen(0, '127.0.0.1').catch(async (error) => {
    await app.close();
    throw error;
  });
  return app;
}

describe('@Public() beside a demand ends the start', () => {
  @Controller('a')
  class SameHandler {
    @Get()
    @Public()
    @Roles('guard')
    look() {
      return {};
    }
  }

  @Controller('b')
  @RequirePermissions('gold:read')
  @Public()
  class SameClass extends Handlers {}

  @Controller('c')
  @Public()
  class OnAnHeir extends Vault {}

  @Controller('d')
  class OnAnOverride extends Handlers {
    @Get('gold')
    @Public()
    override gold() {
      return {};
    }
  }

  it.each([
    ['on one handler', SameHandler, 'SameHandler.look is @Public(), but it demands'],
    ['on one class', SameClass, 'SameClass is @Public(), but it demands'],
    ['on an heir', OnAnHeir, 'OnAnHeir is @Public(), but Vault, which it builds on, demands'],
    [
      'on an override',
      OnAnOverride,
      'OnAnOverride.gold is @Public(), but Handlers.gold, which it builds on, demands',
    ],
  ])('%s', async (_, controller, message) => {
    const start = startService(controller);
    await expect(start).rejects.toThrow(StartupError);
    await expect(start).rejects.toThrow(message);
  });

  it('of Latchkey itself as well', async () => {
    @Module({ imports: [LatchkeyModule], controllers: [SameHandler] })
    class TeamModule {}
    await expect(startTestApp({}, { module: TeamModule })).rejects.toThrow(
      'SameHandler.look is @Public(), but it demands something of its caller: take one of the two away.',
    );
  });
});

describe('extending and overriding lose no demand', () => {
  @Controller('of-lobby')
  class OfLobby extends Lobby {}

  @Controller('public-of-lobby')
  @Public()
  class PublicOfLobby extends Lobby {}

  @Controller('guarded-lobby')
  @Roles('guard')
  class GuardedLobby extends Lobby {}

  @Controller('of-vault')
  @Roles('chief')
  class OfVault extends Vault {}

  @Controller('overriding')
  class Overriding extends Handlers {
    @Get('open')
    override open() {
      return {};
    }

    @Get('closed')
    @Public()
    override closed() {
      return {};
    }

    @Get('gold')
    @Roles('guard')
    override gold() {
      return {};
    }
  }

  const CALLERS = {
    nobody: undefined,
    anybody: {},
    guard: { roles: ['guard'] },
    miner: { permissions: ['gold:read'] },
    'guard miner': { roles: ['guard'], permissions: ['gold:read'] },
    chief: { roles: ['guard', 'chief'], permissions: ['gold:*'] },
  };
  const NAMES = Object.keys(CALLERS) as (keyof typeof CALLERS)[];
  const SIGNED_IN = NAMES.slice(1);

  let app: NestFastifyApplication;
  let api: ApiClient;
  beforeAll(async () => {
    app = await startService(OfLobby, PublicOfLobby, GuardedLobby, OfVault, Overriding);
    api = new ApiClient(await app.getUrl());
  });
  afterAll(() => app.close());

  it.each([
    ['/of-lobby/closed', SIGNED_IN],
    ['/of-lobby/open', NAMES],
    ['/of-lobby/gold', ['miner', 'guard miner', 'chief']],
    ['/public-of-lobby/closed', NAMES],
    ['/public-of-lobby/gold', ['miner', 'guard miner', 'chief']],
    ['/guarded-lobby/open', ['guard', 'guard miner', 'chief']],
    ['/guarded-lobby/closed', ['guard', 'guard miner', 'chief']],
    ['/of-vault/closed', ['chief']],
    ['/of-vault/open', ['chief']],
    ['/of-vault/gold', ['chief']],
    ['/overriding/open', SIGNED_IN],
    ['/overriding/closed', NAMES],
    ['/overriding/gold', ['guard miner', 'chief']],
  ])('%s is for %j', async (path, admitted) => {
    const statuses = await Promise.all(
      NAMES.map(async (name) => {
        const claims = CALLERS[name];
        const caller = { roles: [], permissions: [], ...claims };
        const token = claims === undefined ? undefined : issuer.token(caller);
        return [name, (await api.get(path, { token })).status];
      }),
    );
    expect(statuses.filter(([, status]) => status === 200).map(([name]) => name)).toEqual(admitted);
  });
});
