import { createHash } from 'node:crypto';
import { Controller, Get, Module, Query } from '@nestjs/common';
import {
  CurrentUser,
  ExternalModule,
  LatchkeyModule,
  type Principal,
  ProviderTokens,
} from '../../../../src/latchkey/index.js';

const fingerprintOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A team's feature that calls the provider's API for whoever calls it. */
@Controller('calendar')
class CalendarController {
  constructor(private readonly tokens: ProviderTokens) {}

  @Get()
  async read(
    @CurrentUser() { userId }: Principal,
    @Query('api') api: string,
    @Query('insist') insist?: string,
    @Query('provider') provider = 'acme',
  ) {
    const first = await this.tokens.get(userId, provider);
    const refused = { refused: first.accessToken };
    const token = insist === undefined ? first : await this.tokens.get(userId, provider, refused);
    const { accessToken, expiresAt, scope } = token;
    const headers = { Authorization: `Bearer ${accessToken}` };
    const { sub } = (await (await fetch(api, { headers })).json()) as { sub?: string };
    return { sub: sub ?? null, fingerprint: fingerprintOf(accessToken), expiresAt, scope };
  }
}

@Module({
  imports: [LatchkeyModule, ExternalModule],
  controllers: [CalendarController],
})
export class WithCalendar {}
