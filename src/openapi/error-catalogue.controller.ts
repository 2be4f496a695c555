import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/public.js';
import { errorCatalogue } from '../errors/error-catalogue.js';
import { AnswersFromMemory } from '../http/answers-from-memory.js';

/** Where the `type` of every problem points. */
@ApiTags('Description')
@Controller('errors')
export class ErrorCatalogueController {
  @Get()
  @Public()
  @AnswersFromMemory()
  @Header('Content-Type', 'text/markdown; charset=utf-8')
  @ApiOperation({ summary: 'Every error code, what it means and what to do about it' })
  @ApiProduces('text/markdown')
  @ApiOkResponse({ schema: { type: 'string' } })
  catalogue(): string {
    return errorCatalogue();
  }
}
