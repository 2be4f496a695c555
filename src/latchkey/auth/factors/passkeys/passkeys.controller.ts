import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, Public, RequireFreshSignIn } from '../../../access/access.decorators.js';
import { accessErrors } from '../../../access/access.errors.js';
import type { Principal } from '../../../access/principal.js';
import { Throws } from '../../../platform/http/route.decorators.js';
import { LimitsWrites } from '../../../platform/http/writes/limits-writes.decorator.js';
import { throttleErrors } from '../../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../../tokens/one-time/one-time.errors.js';
import { tokensErrors } from '../../../tokens/sessions/tokens.errors.js';
import { usersErrors } from '../../../users/accounts/users.errors.js';
import { factorsErrors } from '../../../users/factors/factors.errors.js';
import { passwordsErrors } from '../../../users/passwords/passwords.errors.js';
import { authErrors } from '../../auth.errors.js';
import { DELIVERED, TokenResponse } from '../../session/session.dto.js';
import { UsersAlone } from '../../session/users-alone.js';
import { FactorView } from '../factors.dto.js';
import { PasskeySignIn } from './passkey-sign-in.js';
import { PasskeySignals } from './passkey-signals.js';
import {
  BeginPasskeyBody,
  CeremonyView,
  PasskeySignalsView,
  PasskeySignInBody,
  RegisterPasskeyBody,
} from './passkeys.dto.js';
import { RegisterPasskey } from './register-passkey.js';

/** Passkeys: adding one, and signing in by it. What else is done with them is done with every factor. */
@ApiTags('Authentication')
@LimitsWrites('session-writes')
@Controller('auth/passkeys')
export class PasskeysController {
  constructor(
    private readonly registerPasskey: RegisterPasskey,
    private readonly signIn: PasskeySignIn,
    private readonly signals: PasskeySignals,
  ) {}

  @Get()
  @UsersAlone()
  @ApiOperation({ summary: 'What browsers are to know of the caller’s passkeys' })
  @ApiOkResponse({ type: PasskeySignalsView })
  @Throws(accessErrors.forbidden, usersErrors.notFound)
  current(@CurrentUser() user: Principal): Promise<PasskeySignalsView> {
    return this.signals.of(user);
  }

  @Post('options')
  @HttpCode(200)
  @UsersAlone()
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Begin to add a passkey' })
  @ApiBody({ type: BeginPasskeyBody, required: false })
  @ApiOkResponse({ type: CeremonyView })
  @Throws(
    factorsErrors.tooMany,
    factorsErrors.passkeyUpgradeOff,
    factorsErrors.mailProofNeeded,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  begin(
    @CurrentUser() user: Principal,
    @Body() body: BeginPasskeyBody,
    @Req() request: FastifyRequest,
  ): Promise<CeremonyView> {
    return this.registerPasskey.begin(user, body, request);
  }

  @Post()
  @UsersAlone()
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Add the passkey that the browser has made' })
  @ApiCreatedResponse({ type: FactorView })
  @Throws(
    oneTimeErrors.proofInvalid,
    factorsErrors.passkeyInvalid,
    factorsErrors.mailProofNeeded,
    factorsErrors.tooMany,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  async register(
    @CurrentUser() user: Principal,
    @Body() body: RegisterPasskeyBody,
    @Req() request: FastifyRequest,
  ): Promise<FactorView> {
    return FactorView.of(await this.registerPasskey.complete(user, body, request));
  }

  @Post('sign-in/options')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Begin to show a passkey: to sign in, as second factor, or to step up' })
  @ApiOkResponse({ type: CeremonyView })
  @Throws(authErrors.crossSite, throttleErrors.tooManyRequests)
  beginSignIn(@Res({ passthrough: true }) reply: FastifyReply): Promise<CeremonyView> {
    return this.signIn.begin(reply);
  }

  @Post('sign-in')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in by a passkey alone' })
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    oneTimeErrors.proofInvalid,
    authErrors.factorInvalid,
    authErrors.passkeyUnknown,
    authErrors.invalidCredentials,
    authErrors.emailUnverified,
    authErrors.crossSite,
    passwordsErrors.busy,
    throttleErrors.tooManyRequests,
  )
  complete(
    @Body() body: PasskeySignInBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    return this.signIn.complete(reply, body);
  }
}
