import { Module } from '@nestjs/common';
import { VerifyController } from './verify.controller.js';

/** What a gateway asks about the requests that it lets through. */
@Module({ controllers: [VerifyController] })
export class GatewaysModule {}
