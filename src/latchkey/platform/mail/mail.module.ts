import { Global, Module } from '@nestjs/common';
import { DevMailbox } from './dev-mailbox.js';
import { Mailer } from './mailer.js';

@Global()
@Module({ providers: [DevMailbox, Mailer], exports: [DevMailbox, Mailer] })
export class MailModule {}
