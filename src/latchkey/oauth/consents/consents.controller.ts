import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { CurrentActor } from '../../audit/current-actor.decorator.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { AcceptsJson } from '../../platform/http/bodies/body-limits.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { AnswerQuestion } from '../authorize/answer-question.js';
import { OfSingleSignOn } from '../authorize/of-single-sign-on.js';
import { ConsentDirectory } from './consent-directory.js';
import {
  AppAgreementBody,
  AppAnswer,
  AppQuestion,
  AppRequestBody,
  ConsentList,
} from './consents.dto.js';
import { consentsErrors } from './consents.errors.js';
import { WithdrawConsent } from './withdraw-consent.js';

/** A sealed request, with what is around it. */
const BODY_BYTES = 20 * 1024;

/** What the caller has let apps do, and what an app asks now. */
@ApiTags('Single sign-on')
@OfSingleSignOn()
@Controller('auth/consents')
export class ConsentsController {
  constructor(
    private readonly directory: ConsentDirectory,
    private readonly questions: AnswerQuestion,
    private readonly withdrawConsent: WithdrawConsent,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The apps that the caller has let in' })
  @ApiOkResponse({ type: ConsentList })
  @Throws(requestErrors.notFound)
  list(@CurrentUser() { userId }: Principal): Promise<ConsentList> {
    return this.directory.list(userId);
  }

  @Post('question')
  @HttpCode(200)
  @AcceptsJson({ bytes: BODY_BYTES })
  @ApiOperation({ summary: 'What an app asks of the caller, in the session that it was sent to' })
  @ApiOkResponse({ type: AppQuestion })
  @Throws(consentsErrors.requestOver, accessErrors.freshSignInRequired, requestErrors.notFound)
  async ask(
    @Body() { request }: AppRequestBody,
    @CurrentUser() user: Principal,
  ): Promise<AppQuestion> {
    return AppQuestion.of(await this.questions.ask(request, user));
  }

  @Post()
  @HttpCode(200)
  @AcceptsJson({ bytes: BODY_BYTES })
  @ApiOperation({ summary: 'Say yes to it' })
  @ApiOkResponse({ type: AppAnswer })
  @Throws(consentsErrors.requestOver, accessErrors.freshSignInRequired, requestErrors.notFound)
  agree(
    @Body() { request, what }: AppAgreementBody,
    @CurrentUser() user: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<AppAnswer> {
    return this.questions.agree({ request, what }, user, actor);
  }

  @Post('denial')
  @HttpCode(200)
  @AcceptsJson({ bytes: BODY_BYTES })
  @ApiOperation({ summary: 'Say no to it' })
  @ApiOkResponse({ type: AppAnswer })
  @Throws(consentsErrors.requestOver, requestErrors.notFound)
  deny(@Body() { request }: AppRequestBody, @CurrentUser() user: Principal): Promise<AppAnswer> {
    return this.questions.deny(request, user);
  }

  @Delete(':clientId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Withdraw a consent: what the app holds of the caller ends at once' })
  @ApiParam({ name: 'clientId', format: 'uuid', description: 'Of the app' })
  @ApiNoContentResponse({ description: 'Withdrawn' })
  @Throws(consentsErrors.notFound, requestErrors.notFound)
  withdraw(
    @Param('clientId', UuidParam) clientId: string,
    @CurrentUser() { userId }: Principal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.withdrawConsent.withdraw(userId, clientId, actor);
  }
}
