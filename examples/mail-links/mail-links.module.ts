import { Module } from '@nestjs/common';
import { AuthModule } from '../latchkey/index.js';
import { MailLinksController } from './mail-links.controller.js';
import { MailLinks } from './mail-links.js';
import { SignInLinkMail } from './sign-in-link.mail.js';

@Module({
  imports: [AuthModule],
  controllers: [MailLinksController],
  providers: [MailLinks, SignInLinkMail],
})
export class MailLinksModule {}
