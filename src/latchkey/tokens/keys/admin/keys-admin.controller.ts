import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequireFreshSignIn, RequirePermissions } from '../../../access/access.decorators.js';
import type { Actor } from '../../../audit/actor.js';
import { CurrentActor } from '../../../audit/current-actor.decorator.js';
import { type Page, PageQuery, pageOf } from '../../../platform/http/answers/page.js';
import { Throws } from '../../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../../platform/http/writes/limits-writes.decorator.js';
import { keysErrors } from '../keys.errors.js';
import { RevokeKey } from '../rotation/revoke-key.js';
import { RotateKeys } from '../rotation/rotate-keys.js';
import { KeyDirectory } from './key-directory.js';
import { KeyView, RevokeKeyBody, RotateKeysBody } from './keys.dto.js';
import { KID, KidParam } from './kid.pipe.js';

@ApiTags('Admin: signing keys')
@LimitsWrites('admin-writes')
@Controller('admin/keys')
export class KeysAdminController {
  constructor(
    private readonly directory: KeyDirectory,
    private readonly rotateKeys: RotateKeys,
    private readonly revokeKey: RevokeKey,
  ) {}

  @Get()
  @RequirePermissions('keys:read')
  @ApiOperation({ summary: 'The signing keys, the newest first' })
  @ApiOkResponse({ type: pageOf(KeyView) })
  list(@Query() page: PageQuery): Promise<Page<KeyView>> {
    return this.directory.list(page);
  }

  @Post('rotate')
  @HttpCode(200)
  @RequireFreshSignIn()
  @RequirePermissions('keys:rotate')
  @ApiOperation({
    summary: 'Rotate: the next key signs; the former one verifies until its last token has expired',
  })
  @ApiBody({ type: RotateKeysBody, required: false })
  @ApiOkResponse({ type: KeyView, description: 'The key that signs now' })
  @Throws(keysErrors.nextTooNew, keysErrors.notFound)
  async rotate(@Body() body: RotateKeysBody, @CurrentActor() actor: Actor): Promise<KeyView> {
    return this.directory.get(await this.rotateKeys.rotate(actor, body));
  }

  @Post(':kid/revoke')
  @HttpCode(200)
  @RequireFreshSignIn()
  @RequirePermissions('keys:rotate')
  @ApiOperation({
    summary: 'Revoke a key: its tokens are refused at once, and the sessions go on',
  })
  @ApiParam({
    name: 'kid',
    description: 'The `kid` of the key',
    schema: { type: 'string', pattern: KID.source },
  })
  @ApiBody({ type: RevokeKeyBody, required: false })
  @ApiOkResponse({ type: KeyView, description: 'The key, revoked' })
  @Throws(keysErrors.notFound)
  async revoke(
    @Param('kid', KidParam) kid: string,
    @Body() { reason }: RevokeKeyBody,
    @CurrentActor() actor: Actor,
  ): Promise<KeyView> {
    await this.revokeKey.revoke(kid, actor, reason);
    return this.directory.get(kid);
  }
}
