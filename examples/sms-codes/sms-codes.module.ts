import { Module } from '@nestjs/common';
import { AuthModule } from '../latchkey/index.js';
import { ExportPhone, PhoneWayIn } from './phone-of-a-person.js';
import { SendSmsCode } from './send-sms-code.js';
import { SmsCodesController } from './sms-codes.controller.js';
import { SmsCodes } from './sms-codes.js';

@Module({
  imports: [AuthModule],
  controllers: [SmsCodesController],
  providers: [ExportPhone, PhoneWayIn, SendSmsCode, SmsCodes],
})
export class SmsCodesModule {}
