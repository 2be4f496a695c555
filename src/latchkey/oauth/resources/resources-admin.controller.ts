import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
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
import { requestErrors } from '../../platform/errors/request.errors.js';
import { type Page, PageQuery, pageOf } from '../../platform/http/answers/page.js';
import { AcceptsJson } from '../../platform/http/bodies/body-limits.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { OfSingleSignOn } from '../authorize/of-single-sign-on.js';
import { ChangeResource } from './change-resource.js';
import { CreateResource } from './create-resource.js';
import { DeleteResource } from './delete-resource.js';
import { ResourceDirectory } from './resource-directory.js';
import { ChangeResourceBody, CreateResourceBody, ResourceView } from './resources.dto.js';
import { resourcesErrors } from './resources.errors.js';

const RESOURCE_ID = { name: 'id', format: 'uuid', description: 'Of the resource' };
/** Fifty scopes with what they mean. */
const BODY = { bytes: 32 * 1024 };

@ApiTags('Admin: resources')
@OfSingleSignOn()
@LimitsWrites('admin-writes')
@Controller('admin/resources')
export class ResourcesAdminController {
  constructor(
    private readonly directory: ResourceDirectory,
    private readonly createResource: CreateResource,
    private readonly changeResource: ChangeResource,
    private readonly deleteResource: DeleteResource,
  ) {}

  @Get()
  @RequirePermissions('resources:read')
  @ApiOperation({ summary: 'The services that tokens can be asked for, newest first (RFC 8707)' })
  @ApiOkResponse({ type: pageOf(ResourceView) })
  @Throws(requestErrors.notFound)
  list(@Query() page: PageQuery): Promise<Page<ResourceView>> {
    return this.directory.list(page);
  }

  @Post()
  @AcceptsJson(BODY)
  @RequireFreshSignIn()
  @RequirePermissions('resources:write')
  @ApiOperation({ summary: 'Register a service, with what can be done there' })
  @ApiCreatedResponse({ type: ResourceView })
  @Throws(resourcesErrors.identifierTaken, resourcesErrors.scopeTaken, requestErrors.notFound)
  create(@Body() body: CreateResourceBody, @CurrentActor() actor: Actor): Promise<ResourceView> {
    return this.createResource.create(body, actor);
  }

  @Get(':id')
  @RequirePermissions('resources:read')
  @ApiOperation({ summary: 'One resource' })
  @ApiParam(RESOURCE_ID)
  @ApiOkResponse({ type: ResourceView })
  @Throws(resourcesErrors.notFound, requestErrors.notFound)
  get(@Param('id', UuidParam) id: string): Promise<ResourceView> {
    return this.directory.get(id);
  }

  @Patch(':id')
  @AcceptsJson(BODY)
  @RequireFreshSignIn()
  @RequirePermissions('resources:write')
  @ApiOperation({
    summary: 'Change a resource; tokens with a scope that is taken away are refused at once',
  })
  @ApiParam(RESOURCE_ID)
  @ApiOkResponse({ type: ResourceView })
  @Throws(resourcesErrors.notFound, resourcesErrors.scopeTaken, requestErrors.notFound)
  change(
    @Param('id', UuidParam) id: string,
    @Body() body: ChangeResourceBody,
    @CurrentActor() actor: Actor,
  ): Promise<ResourceView> {
    return this.changeResource.change(id, body, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireFreshSignIn()
  @RequirePermissions('resources:write')
  @ApiOperation({ summary: 'Remove a resource; the tokens for it are refused at once' })
  @ApiParam(RESOURCE_ID)
  @ApiNoContentResponse({ description: 'Removed' })
  @Throws(resourcesErrors.notFound, requestErrors.notFound)
  delete(@Param('id', UuidParam) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.deleteResource.delete(id, actor);
  }
}
