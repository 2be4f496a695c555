import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import { Public } from '../../access/access.decorators.js';
import { unlessKnown } from '../../platform/http/answers/conditional-get.js';
import { AnswersFromMemory } from '../../platform/http/route.decorators.js';
import { JWKS_MAX_AGE_SECONDS } from './rotation/publication-delay.js';
import { SigningKeys } from './signing-keys.js';

@ApiTags('Services')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Public()
  @AnswersFromMemory()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @ApiOperation({ summary: 'The public keys that access tokens are verified with (RFC 7517)' })
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['keys'],
      properties: {
        keys: {
          type: 'array',
          items: {
            type: 'object',
            required: ['kty', 'kid', 'use', 'alg'],
            properties: {
              kty: { type: 'string' },
              kid: { type: 'string' },
              use: { type: 'string', enum: ['sig'] },
              alg: { type: 'string' },
            },
          },
        },
      },
    },
  })
  jwks(@Res({ passthrough: true }) reply: FastifyReply): JSONWebKeySet | undefined {
    return unlessKnown(reply, this.keys.jwks());
  }
}
