import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../access/access.decorators.js';
import { AnswersFromMemory } from '../../../platform/http/route.decorators.js';
import { RelatedOriginsView } from './passkeys.dto.js';
import { RelyingParty } from './relying-party.js';

@ApiTags('Services')
@Controller('.well-known')
export class RelatedOriginsController {
  constructor(private readonly party: RelyingParty) {}

  @Get('webauthn')
  @Public()
  @AnswersFromMemory()
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({
    summary: 'Which origins may use the passkeys of this domain (WebAuthn Level 3, 5.11)',
  })
  @ApiOkResponse({ type: RelatedOriginsView })
  origins(): RelatedOriginsView {
    return { origins: this.party.origins.filter((origin) => origin.startsWith('http')) };
  }
}
