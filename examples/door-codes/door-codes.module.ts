import { Module } from '@nestjs/common';
import { AuthModule } from '../latchkey/index.js';
import { DoorCodesController } from './door-codes.controller.js';
import { DoorCodes } from './door-codes.js';

@Module({ imports: [AuthModule], controllers: [DoorCodesController], providers: [DoorCodes] })
export class DoorCodesModule {}
