import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { errorCatalogue } from '../../platform/errors/error-catalogue.js';
import { unlessKnown } from '../../platform/http/answers/conditional-get.js';
import { AnswersFromMemory } from '../../platform/http/route.decorators.js';

/** Where the `type` of every problem points. */
@ApiTags('Operations')
@Controller('errors')
export class ErrorCatalogueController {
  private text?: string;

  @Get()
  @Public()
  @AnswersFromMemory()
  @Header('Content-Type', 'text/markdown; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  @ApiOperation({ summary: 'The error catalogue: every code, its meaning and what to do about it' })
  @ApiProduces('text/markdown')
  @ApiOkResponse({ schema: { type: 'string' } })
  catalogue(@Res({ passthrough: true }) reply: FastifyReply): string | undefined {
    this.text ??= errorCatalogue();
    return unlessKnown(reply, this.text);
  }
}
