import { Body, Controller, Header, HttpCode, Post, Res, UseFilters } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBody,
  ApiConsumes,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser, Public } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { UsersAlone } from '../../auth/session/users-alone.js';
import { translateDatabaseError } from '../../platform/database/translate-database-error.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { translateHttpError } from '../../platform/errors/translate-http-error.js';
import { AcceptsForms } from '../../platform/http/bodies/form-bodies.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { OfSingleSignOn } from '../authorize/of-single-sign-on.js';
import { AskedResource } from '../consents/consents.dto.js';
import { Form } from '../form.js';
import { oauthErrors } from '../oauth.errors.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { AnswerDevice } from './answer-device.js';
import { AuthorizeDevice } from './authorize-device.js';
import {
  DeviceAuthorizationForm,
  DeviceAuthorizationResponse,
  DeviceQuestion,
  UserCodeBody,
} from './device.dto.js';
import { deviceErrors } from './device.errors.js';

/** The client may say who it is in the form instead. */
const NOTHING = {};

/** What a device asks. */
@ApiTags('Single sign-on')
@UseFilters(new OAuthErrorFilter([translateHttpError, translateDatabaseError]))
@OfSingleSignOn()
@Controller('oauth/device_authorization')
export class DeviceAuthorizationController {
  constructor(private readonly authorizeDevice: AuthorizeDevice) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @Public()
  @AcceptsForms()
  @ApiSecurity(NOTHING)
  @ApiBasicAuth('client')
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({ summary: 'Begin to sign somebody in at a device without a browser (RFC 8628)' })
  @ApiBody({ type: DeviceAuthorizationForm })
  @ApiOkResponse({ type: DeviceAuthorizationResponse })
  @Throws(
    oauthErrors.invalidRequest,
    oauthErrors.invalidClient,
    oauthErrors.invalidScope,
    oauthErrors.invalidTarget,
    oauthErrors.unauthorizedClient,
    throttleErrors.tooManyRequests,
    requestErrors.notFound,
  )
  begin(
    @Form(DeviceAuthorizationForm) form: DeviceAuthorizationForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceAuthorizationResponse> {
    return this.authorizeDevice.begin(reply, form);
  }
}

const REFUSALS = [
  deviceErrors.codeInvalid,
  accessErrors.forbidden,
  throttleErrors.tooManyRequests,
  requestErrors.notFound,
] as const;

/** What its owner is asked, at the page where they type its code. Not by the token of an app, which could say yes for them. */
@ApiTags('Single sign-on')
@UsersAlone()
@OfSingleSignOn()
@Controller('auth/device')
export class DeviceController {
  constructor(private readonly answerDevice: AnswerDevice) {}

  @Post('question')
  @HttpCode(200)
  @ApiOperation({ summary: 'Which device shows this code, and what it asks for' })
  @ApiOkResponse({ type: DeviceQuestion })
  @Throws(...REFUSALS)
  async ask(
    @Body() { userCode }: UserCodeBody,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceQuestion> {
    const asked = await this.answerDevice.ask(reply, userCode, user);
    const resource = AskedResource.of(asked);
    const { id, name } = asked.client;
    return { client: { id, name }, scopes: asked.scope, ...(resource && { resource }) };
  }

  @Post()
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign the device in, as the caller' })
  @ApiNoContentResponse({ description: 'It gets its tokens when it asks next' })
  @Throws(...REFUSALS)
  allow(
    @Body() { userCode }: UserCodeBody,
    @CurrentUser() user: Principal,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.answerDevice.allow(reply, userCode, user, actor);
  }

  @Post('denial')
  @HttpCode(204)
  @ApiOperation({ summary: 'Refuse it' })
  @ApiNoContentResponse({ description: 'It is told when it asks next' })
  @Throws(...REFUSALS)
  deny(
    @Body() { userCode }: UserCodeBody,
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.answerDevice.deny(reply, userCode, user);
  }
}
