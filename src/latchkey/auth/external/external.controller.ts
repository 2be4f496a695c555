import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, Public, RequireFreshSignIn } from '../../access/access.decorators.js';
import type { Principal } from '../../access/principal.js';
import { AcceptsForms } from '../../platform/http/bodies/form-bodies.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { identitiesErrors } from '../../users/identities/identities.errors.js';
import { authErrors } from '../auth.errors.js';
import { DELIVERED, TokenResponse } from '../session/session.dto.js';
import { BeginExternalSignIn } from './begin-external-sign-in.js';
import {
  ExternalFormAnswer,
  ExternalProviderList,
  ExternalStartQuery,
  ExternalTokenBody,
  LinkTicketView,
  ProveOwnerBody,
} from './external.dto.js';
import { externalErrors } from './external.errors.js';
import { ExternalProviders } from './external-providers.js';
import { FinishExternalSignIn } from './finish-external-sign-in.js';
import { ProveOwner } from './linking/prove-owner.js';

const PROVIDER = { name: 'provider', example: 'google', description: 'Of `GET /auth/external`' };
const GOES_ON = { status: 303, description: 'To `Location`; an error is in its fragment' };
const FORM = 'application/x-www-form-urlencoded';

/** Signing in through others. Browsers come here by links; what goes wrong is said in a fragment. */
@ApiTags('Authentication')
@LimitsWrites('session-writes')
@Controller('auth/external')
export class ExternalController {
  constructor(
    private readonly providers: ExternalProviders,
    private readonly beginning: BeginExternalSignIn,
    private readonly finishing: FinishExternalSignIn,
    private readonly owners: ProveOwner,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'The providers that people sign in through' })
  @ApiOkResponse({ type: ExternalProviderList })
  list(): ExternalProviderList {
    return ExternalProviderList.of(this.providers.list());
  }

  @Post('prove')
  @HttpCode(200)
  @Public()
  @ApiOperation({
    summary:
      'After `auth.external_proof_required`: show what the mail holds, which links the identity and signs in',
  })
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    oneTimeErrors.proofInvalid,
    identitiesErrors.taken,
    identitiesErrors.tooMany,
    authErrors.crossSite,
    authErrors.invalidCredentials,
    authErrors.secondFactorRequired,
    throttleErrors.tooManyRequests,
  )
  prove(
    @Body() body: ProveOwnerBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const { ticket, delivery } = body;
    return this.owners.complete(reply, { proof: ProveOwnerBody.proofOf(body), ticket, delivery });
  }

  @Get(':provider/start')
  @Public()
  @ApiOperation({ summary: 'Sign in through a provider: the browser goes there' })
  @ApiParam(PROVIDER)
  @ApiResponse(GOES_ON)
  @Throws(externalErrors.unknown, oneTimeErrors.proofInvalid, throttleErrors.tooManyRequests)
  async start(
    @Param('provider') provider: string,
    @Query() { fresh, ...query }: ExternalStartQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const wanted = { ...query, fresh: fresh === 'true' };
    goOn(reply, await this.beginning.begin(reply, provider, wanted));
  }

  @Get(':provider/callback')
  @Public()
  @ApiOperation({ summary: 'Where the provider sends the browser back to' })
  @ApiParam(PROVIDER)
  @ApiQuery({ name: 'state', required: false, type: String })
  @ApiQuery({ name: 'code', required: false, type: String })
  @ApiQuery({ name: 'iss', required: false, type: String })
  @ApiQuery({ name: 'error', required: false, type: String })
  @ApiResponse(GOES_ON)
  @Throws(externalErrors.unknown)
  async callback(
    @Param('provider') provider: string,
    @Req() { raw }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { url = '' } = raw;
    const answer = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
    goOn(reply, await this.finishing.finish(reply, provider, answer));
  }

  @Post(':provider/callback')
  @HttpCode(303)
  @Public()
  @AcceptsForms()
  @ApiConsumes(FORM)
  @ApiBody({ type: ExternalFormAnswer })
  @ApiOperation({
    summary: 'The same by a form, as Apple sends it: the browser comes once more, with its cookies',
  })
  @ApiParam(PROVIDER)
  @ApiResponse(GOES_ON)
  @Throws(externalErrors.unknown)
  async formCallback(
    @Param('provider') provider: string,
    @Req() { body }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const answer = body instanceof URLSearchParams ? body : new URLSearchParams();
    goOn(reply, await this.finishing.comeAgain(reply, provider, answer));
  }

  @Post(':provider/link')
  @RequireFreshSignIn()
  @ApiOperation({
    summary:
      'Begin to add an identity to the own account: a ticket for the start, in the same browser',
  })
  @ApiParam(PROVIDER)
  @ApiCreatedResponse({ type: LinkTicketView })
  @Throws(externalErrors.unknown, authErrors.crossSite)
  async link(
    @Param('provider') provider: string,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkTicketView> {
    const { token, expiresInSeconds } = await this.beginning.ticketFor(reply, provider, user);
    return { ticket: token, expiresIn: expiresInSeconds };
  }

  @Post(':provider/token')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in by an ID token that an app has got from the provider' })
  @ApiParam(PROVIDER)
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    externalErrors.unknown,
    externalErrors.unavailable,
    externalErrors.refused,
    externalErrors.tokenUnsupported,
    externalErrors.emailMissing,
    externalErrors.proofRequired,
    authErrors.crossSite,
    authErrors.invalidCredentials,
    authErrors.registrationClosed,
    authErrors.emailUnverified,
    authErrors.secondFactorRequired,
    throttleErrors.tooManyRequests,
  )
  token(
    @Param('provider') provider: string,
    @Body() body: ExternalTokenBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    return this.finishing.byToken(reply, provider, body);
  }
}

function goOn(reply: FastifyReply, address: string): void {
  reply.status(303).header('Location', address);
}
