import { Module } from '@nestjs/common';
import { AuthModule } from '../latchkey/index.js';
import { MailLinkMail } from './mail-link.mail.js';
import { MailLinksController } from './mail-links.controller.js';
import { MailLinks } from './mail-links.js';

@Module({
  imports: [AuthModule],
  controllers: [MailLinksController],
  providers: [MailLinks, MailLinkMail],
})
export class MailLinksModule {}
