import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { RequireFreshSignIn, RequirePermissions } from '../../access/access.decorators.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { type Page, PageQuery, pageOf } from '../../platform/http/answers/page.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { rolesErrors } from '../../roles/roles.errors.js';
import { ChangeClient } from './change-client.js';
import { ClientDirectory } from './client-directory.js';
import { ClientView, ClientWithSecret } from './client-views.dto.js';
import { CreateClient } from './create-client.js';
import { DeleteClient } from './delete-client.js';
import { ChangeClientBody, CreateClientBody, RotateClientSecretBody } from './oauth-clients.dto.js';
import { clientsErrors } from './oauth-clients.errors.js';
import { RotateClientSecret } from './rotate-client-secret.js';

const CLIENT_ID = { name: 'id', format: 'uuid', description: 'Of the client' };

@ApiTags('Admin: clients')
@LimitsWrites('admin-writes')
@Controller('admin/clients')
export class OAuthClientsAdminController {
  constructor(
    private readonly directory: ClientDirectory,
    private readonly createClient: CreateClient,
    private readonly changeClient: ChangeClient,
    private readonly rotateSecret: RotateClientSecret,
    private readonly deleteClient: DeleteClient,
  ) {}

  @Get()
  @RequirePermissions('clients:read')
  @ApiOperation({ summary: 'The clients, newest first' })
  @ApiOkResponse({ type: pageOf(ClientView) })
  list(@Query() page: PageQuery): Promise<Page<ClientView>> {
    return this.directory.list(page);
  }

  @Post()
  @RequireFreshSignIn()
  @RequirePermissions('clients:write')
  @ApiOperation({ summary: 'Make a client with roles that the caller holds' })
  @ApiCreatedResponse({ type: ClientWithSecret })
  @Throws(rolesErrors.escalation, rolesErrors.tooLarge, rolesErrors.notForServices)
  create(@Body() body: CreateClientBody, @CurrentActor() actor: Actor): Promise<ClientWithSecret> {
    return this.createClient.create(body, actor);
  }

  @Get(':id')
  @RequirePermissions('clients:read')
  @ApiOperation({ summary: 'One client' })
  @ApiParam(CLIENT_ID)
  @ApiOkResponse({ type: ClientView })
  @Throws(clientsErrors.notFound)
  get(@Param('id', UuidParam) id: string): Promise<ClientView> {
    return this.directory.get(id);
  }

  @Patch(':id')
  @RequireFreshSignIn()
  @RequirePermissions('clients:write')
  @ApiOperation({
    summary:
      'Change a client: its name, its roles, what it is registered with, disable or enable it',
  })
  @ApiParam(CLIENT_ID)
  @ApiOkResponse({ type: ClientView })
  @Throws(
    clientsErrors.notFound,
    clientsErrors.hasNoSecret,
    rolesErrors.escalation,
    rolesErrors.tooLarge,
    rolesErrors.notForServices,
  )
  change(
    @Param('id', UuidParam) id: string,
    @Body() body: ChangeClientBody,
    @CurrentActor() actor: Actor,
  ): Promise<ClientView> {
    return this.changeClient.change(id, body, actor);
  }

  @Post(':id/secret')
  @HttpCode(200)
  @RequireFreshSignIn()
  @RequirePermissions('clients:write')
  @ApiOperation({ summary: 'Give a client a new secret' })
  @ApiParam(CLIENT_ID)
  @ApiBody({ type: RotateClientSecretBody, required: false })
  @ApiOkResponse({ type: ClientWithSecret })
  @Throws(clientsErrors.notFound, clientsErrors.hasNoSecret, rolesErrors.escalation)
  rotate(
    @Param('id', UuidParam) id: string,
    @Body() { formerValidSeconds }: RotateClientSecretBody,
    @CurrentActor() actor: Actor,
  ): Promise<ClientWithSecret> {
    return this.rotateSecret.rotate(id, formerValidSeconds, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermissions('clients:write')
  @ApiOperation({ summary: 'Delete a client; its tokens are refused at once' })
  @ApiParam(CLIENT_ID)
  @ApiNoContentResponse({ description: 'Deleted' })
  @Throws(clientsErrors.notFound, rolesErrors.escalation)
  delete(@Param('id', UuidParam) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.deleteClient.delete(id, actor);
  }
}
