import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AccessModule } from '../../src/latchkey/published/access/index.js';
import { answerParent } from '../processes/answers.js';
import { BenchController } from './bench.controller.js';
import { resourceUsage } from './resource-usage.js';

const { ISSUER = '', JWKS_URI = '', REDIS_URL } = process.env;

/** A service that is not Latchkey, and accepts its tokens. */
@Module({
  imports: [
    AccessModule.forRoot({
      issuer: ISSUER,
      audience: 'latchkey',
      jwksUri: JWKS_URI,
      redisUrl: REDIS_URL,
    }),
  ],
  controllers: [BenchController],
})
class VerifyOnlyModule {}

const adapter = new FastifyAdapter();
const logger = ['error', 'fatal'] as const;
const app = await NestFactory.create(VerifyOnlyModule, adapter, { logger: [...logger] });
await app.listen(0, '127.0.0.1');

const { port } = app.getHttpServer().address() as AddressInfo;
answerParent({ usage: () => resourceUsage(0) }, `http://127.0.0.1:${port}`);
