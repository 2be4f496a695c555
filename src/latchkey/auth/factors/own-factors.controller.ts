import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser, RequireFreshSignIn } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import { Throws } from '../../platform/http/route.decorators.js';
import { UuidParam } from '../../platform/http/validation/uuid.pipe.js';
import { LimitsWrites } from '../../platform/http/writes/limits-writes.decorator.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { mailErrors } from '../mail/mail.errors.js';
import { RequestedView } from '../mail/mail-proof.dto.js';
import { UsersAlone } from '../session/users-alone.js';
import { EnrolTotp } from './enrol-totp.js';
import { EnrolmentProof } from './enrolment-proof.js';
import {
  BegunTotpView,
  ConfirmedTotpView,
  ConfirmTotpBody,
  FactorList,
  FactorView,
  OwnFactorList,
  RecoveryCodesView,
  RenameFactorBody,
} from './factors.dto.js';
import { OwnFactors } from './own-factors.js';
import { RemoveFactor } from './remove-factor.js';

const FACTOR_ID = { name: 'id', format: 'uuid', description: 'An `id` of `GET /auth/factors`' };

/** What owners do with the factors of their own account. */
@ApiTags('Own account')
@LimitsWrites('session-writes')
@UsersAlone()
@Controller('auth/factors')
export class OwnFactorsController {
  constructor(
    private readonly factors: OwnFactors,
    private readonly enrolTotp: EnrolTotp,
    private readonly removeFactor: RemoveFactor,
    private readonly proof: EnrolmentProof,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The caller’s second factors and passkeys' })
  @ApiOkResponse({ type: OwnFactorList })
  @Throws(accessErrors.forbidden)
  async list(@CurrentUser() { userId }: Principal): Promise<OwnFactorList> {
    const { items } = FactorList.of(await this.factors.list(userId));
    const proofNeeded = await this.factors.isProofNeeded(userId);
    return { items, proofNeeded, hasPassword: await this.factors.hasPassword(userId) };
  }

  @Post('proof')
  @HttpCode(202)
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Ask for the mail whose code the first factor of the account takes' })
  @ApiAcceptedResponse({ type: RequestedView })
  @Throws(
    mailErrors.off,
    throttleErrors.tooManyRequests,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  async requestProof(
    @CurrentUser() user: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestedView> {
    return RequestedView.of(await this.proof.request(user, reply));
  }

  @Post('totp')
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Begin to add an authenticator app; it waits for a first code' })
  @ApiCreatedResponse({ type: BegunTotpView })
  @Throws(
    factorsErrors.tooMany,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  begin(@CurrentUser() user: Principal, @Req() request: FastifyRequest): Promise<BegunTotpView> {
    return this.enrolTotp.begin(user, request);
  }

  @Post('totp/:id/confirm')
  @HttpCode(200)
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Show a first code of the app: from now on the account has it' })
  @ApiParam({
    name: 'id',
    format: 'uuid',
    description: 'Of the answer of `POST /auth/factors/totp`',
  })
  @ApiOkResponse({ type: ConfirmedTotpView })
  @Throws(
    factorsErrors.notFound,
    factorsErrors.codeInvalid,
    factorsErrors.tooMany,
    factorsErrors.mailProofNeeded,
    oneTimeErrors.proofInvalid,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  async confirm(
    @CurrentUser() user: Principal,
    @Param('id', UuidParam) id: string,
    @Body() shown: ConfirmTotpBody,
    @Req() request: FastifyRequest,
  ): Promise<ConfirmedTotpView> {
    const recoveryCodes = await this.enrolTotp.confirm(user, id, shown, request);
    return recoveryCodes === undefined ? {} : { recoveryCodes };
  }

  @Post('recovery-codes')
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Ten new recovery codes; the former ones are worth nothing then' })
  @ApiCreatedResponse({ type: RecoveryCodesView })
  @Throws(
    factorsErrors.none,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  async replaceCodes(
    @CurrentUser() user: Principal,
    @Req() request: FastifyRequest,
  ): Promise<RecoveryCodesView> {
    return { recoveryCodes: await this.factors.replaceRecoveryCodes(user, request) };
  }

  @Patch(':id')
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Name a factor' })
  @ApiParam(FACTOR_ID)
  @ApiOkResponse({ type: FactorView })
  @Throws(
    factorsErrors.notFound,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  async rename(
    @CurrentUser() user: Principal,
    @Param('id', UuidParam) id: string,
    @Body() { name }: RenameFactorBody,
    @Req() request: FastifyRequest,
  ): Promise<FactorView> {
    return FactorView.of(await this.factors.rename(user, id, name, request));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireFreshSignIn()
  @ApiOperation({ summary: 'Remove a factor; the sessions that it raised fall back at once' })
  @ApiParam(FACTOR_ID)
  @ApiNoContentResponse({ description: 'Removed' })
  @Throws(
    factorsErrors.notFound,
    factorsErrors.lastWayIn,
    usersErrors.notFound,
    tokensErrors.sessionRevoked,
    accessErrors.forbidden,
  )
  remove(
    @CurrentUser() user: Principal,
    @Param('id', UuidParam) id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.removeFactor.remove(user, id, request);
  }
}
