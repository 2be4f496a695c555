import { All, Controller, Get, HttpCode, Options, Query, Res, UseFilters } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import { AccessDecision } from '../../access/access-decision.js';
import { NO_DEMANDS } from '../../access/access-demands.js';
import type { Principal } from '../../access/principal.js';
import { AnswersFromMemory, Throws } from '../../platform/http/route.decorators.js';
import { ErrorHeaderFilter } from './error-header.filter.js';
import { IDENTITY_HEADERS, identityHeaders } from './identity-headers.js';
import { VerifyQuery } from './verify.dto.js';

const TEXT_HEADER = { schema: { type: 'string' as const } };

/** Answers gateways, which let a request through or not by the status and the headers alone. */
@ApiTags('Services')
@Controller('auth/verify')
@UseFilters(ErrorHeaderFilter)
export class VerifyController {
  constructor(private readonly decision: AccessDecision) {}

  @Get()
  @AnswersFromMemory()
  @ApiOperation({
    summary: 'Whether a gateway may let a request through, and who is calling',
    description:
      'An answer that is no 200 says its code in `X-Auth-Error` as well. Any method of any path below this one is answered like a GET without demands: some gateways append the path of the request that they ask about.',
  })
  @ApiOkResponse({
    description: 'The caller, in headers; no body',
    headers: Object.fromEntries(IDENTITY_HEADERS.map((name) => [name, TEXT_HEADER])),
  })
  @Throws(accessErrors.forbidden, accessErrors.assuranceInsufficient)
  verify(
    @CurrentUser() principal: Principal,
    @Query() { roles, permissions = [] }: VerifyQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    const demands = { ...NO_DEMANDS, roles: roles === undefined ? [] : [roles], permissions };
    this.decision.requireMet(principal, demands);
    reply.headers(identityHeaders(principal));
  }

  /** Of a gateway that asks by the method of its client: a preflight shows no token. */
  @Options()
  @RouteConfig({ cors: false })
  @HttpCode(200)
  @AnswersFromMemory()
  @ApiExcludeEndpoint()
  verifyPreflight(
    @CurrentUser() principal: Principal,
    @Query() query: VerifyQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    this.verify(principal, query, reply);
  }

  /** Path and query are the client's here, so that they can demand nothing. */
  @All('*')
  @RouteConfig({ cors: false, readsNoQuery: true })
  @HttpCode(200)
  @AnswersFromMemory()
  @ApiExcludeEndpoint()
  verifyAppended(
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    reply.headers(identityHeaders(principal));
  }
}
