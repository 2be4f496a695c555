import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { PASSWORD } from '../../tokens/assurance/factor.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { passwordsErrors } from '../../users/passwords/passwords.errors.js';
import { authErrors } from '../auth.errors.js';
import { LinkBody } from '../mail/mail-proof.dto.js';
import { MailTemplates } from '../mail/mail-templates.js';
import { Register } from '../registration/register.js';
import { RegisterBody, Registered } from '../registration/registration.dto.js';
import { RegistrationPipe, type RegistrationRequest } from '../registration/registration-fields.js';
import { RegistrationThrottle } from '../registration/registration-throttle.js';
import { AuthenticatedAccount } from '../sign-in/authenticated-account.decorator.js';
import { CompleteSignIn } from '../sign-in/complete-sign-in.js';
import { PasswordSignInGuard } from '../sign-in/password-sign-in.guard.js';
import { LoginBody } from '../sign-in/sign-in.dto.js';
import { EndAllSessions } from './end-all-sessions.js';
import { RefreshSession } from './refresh-session.js';
import { RefreshThrottle } from './refresh-throttle.js';
import { DELIVERED, RefreshBody, TokenResponse } from './session.dto.js';
import { SessionsOfRequest } from './sessions-of-request.js';
import { SignOut } from './sign-out.js';
import { SsoBrowser } from './sso-browser.js';
import { TokenDelivery } from './token-delivery.js';

/** The token may come in the body instead. */
const NOTHING = {};

/** What a caller does who is not, or no longer, signed in. */
@ApiTags('Authentication')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly registration: Register,
    private readonly completeSignIn: CompleteSignIn,
    private readonly refreshSession: RefreshSession,
    private readonly sessionsOfRequest: SessionsOfRequest,
    private readonly signOut: SignOut,
    private readonly delivery: TokenDelivery,
    private readonly registrationThrottle: RegistrationThrottle,
    private readonly refreshThrottle: RefreshThrottle,
    private readonly mailTemplates: MailTemplates,
    private readonly endAllSessions: EndAllSessions,
    private readonly ssoBrowser: SsoBrowser,
  ) {}

  @Post('register')
  @Public()
  @ApiOperation({ summary: 'Register an account' })
  @ApiBody({ type: RegisterBody })
  @ApiCreatedResponse({ type: Registered, description: 'The new account' })
  @ApiAcceptedResponse({ type: Registered, description: 'With EMAIL_VERIFICATION=required: `{}`' })
  @Throws(
    usersErrors.emailTaken,
    authErrors.registrationClosed,
    authErrors.crossSite,
    passwordsErrors.busy,
    throttleErrors.tooManyRequests,
    passwordsErrors.checkUnavailable,
  )
  async register(
    @Body(RegistrationPipe) { body, storeFields: store }: RegistrationRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Registered> {
    const locale = this.mailTemplates.localeOf(reply.request.headers['accept-language'] ?? '');
    const user = await this.registrationThrottle.attempt(reply, body.email, (onAsk, lane) =>
      this.registration.register({ ...body, locale }, lane, reply, { onAsk, store }),
    );
    if (user !== null) return { user };
    reply.status(202);
    return {};
  }

  @Post('login')
  @HttpCode(200)
  @Public()
  @UseGuards(PasswordSignInGuard)
  @ApiOperation({ summary: 'Sign in: start a session' })
  @ApiBody({ type: LoginBody })
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    authErrors.invalidCredentials,
    authErrors.emailUnverified,
    authErrors.passwordSignInOff,
    authErrors.secondFactorRequired,
    authErrors.crossSite,
    passwordsErrors.busy,
    throttleErrors.tooManyRequests,
  )
  async login(
    @Body() body: LoginBody,
    @AuthenticatedAccount() account: SignInAccount,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const { delivery, password } = body;
    const factors = [PASSWORD.shown()];
    return this.completeSignIn.complete(reply, { account, factors, delivery, password });
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @ApiSecurity(NOTHING)
  @ApiCookieAuth('refreshCookie')
  @ApiOperation({ summary: 'Continue a session: a new access token and the next refresh token' })
  @ApiBody({ type: RefreshBody, required: false })
  @ApiOkResponse({ type: TokenResponse, description: DELIVERED })
  @Throws(
    authErrors.crossSite,
    tokensErrors.refreshInvalid,
    tokensErrors.refreshReused,
    tokensErrors.sessionExpired,
    tokensErrors.sessionRevoked,
    throttleErrors.tooManyRequests,
  )
  async refresh(
    @Body() body: RefreshBody,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const delivered = this.delivery.receive(request, body);
    // Not counted: so does a page ask that has just been opened.
    if (delivered === null) throw tokensErrors.refreshInvalid({ detail: 'None was sent.' });
    const granted = await this.refreshThrottle.attempt(reply, () =>
      this.refreshSession.refresh(delivered.refreshToken, actor),
    );
    if (delivered.delivery === 'cookie') {
      await this.ssoBrowser.rememberUnlessKnown(reply, granted.session);
    }
    return this.delivery.send(reply, granted, delivered.delivery);
  }

  @Post('logout')
  @HttpCode(204)
  @Public()
  @ApiSecurity(NOTHING)
  @ApiCookieAuth('refreshCookie')
  @ApiBearerAuth('bearer')
  @ApiOperation({ summary: 'Sign out: end the session that either token names' })
  @ApiBody({ type: RefreshBody, required: false })
  @ApiNoContentResponse({ description: 'Signed out, also when repeated; the cookie is cleared' })
  @Throws(
    authErrors.crossSite,
    tokensErrors.refreshInvalid,
    accessErrors.tokenInvalid,
    accessErrors.tokenExpired,
    accessErrors.tokenStale,
    accessErrors.forbidden,
    accessErrors.keysUnavailable,
  )
  async logout(
    @Body() body: RefreshBody,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const delivered = this.delivery.receive(request, body);
    const sessions = await this.sessionsOfRequest.find(request, delivered);
    for (const session of sessions) await this.signOut.end(session, actor);
    this.delivery.clear(reply);
  }

  @Post('sessions/end-all')
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'End every session of an account, by the link of a notice' })
  @ApiNoContentResponse({ description: 'Ended: sign in again' })
  @Throws(authErrors.crossSite, oneTimeErrors.proofInvalid, throttleErrors.tooManyRequests)
  endAll(
    @Body() { token }: LinkBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.endAllSessions.end(token, reply);
  }
}
