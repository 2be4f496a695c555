import { Controller, Get, Header, NotFoundException, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../access/access.decorators.js';
import { type ProtectedResourceMetadata, WELL_KNOWN } from './protected-resource.js';
import { ResourceServer } from './resource-server.js';

/** Serves RFC 9728 metadata where the option `protectedResource` is set. */
@ApiExcludeController()
@Controller(WELL_KNOWN)
export class ProtectedResourceController {
  constructor(private readonly server: ResourceServer) {}

  @Get(['', '*'])
  @Public()
  @Header('Access-Control-Allow-Origin', '*')
  @Header('Cache-Control', 'public, max-age=3600')
  metadata(@Req() { url }: { readonly url: string }): ProtectedResourceMetadata {
    const { protectedResource } = this.server;
    const { metadata } = protectedResource;
    const [path = ''] = url.split('?');
    if (metadata === undefined || !protectedResource.isAt(path)) throw new NotFoundException();
    return metadata;
  }
}
