import { Module } from '@nestjs/common';
import { AuthModule } from '../latchkey/index.js';
import { SignInLinksController } from './sign-in-links.controller.js';
import { SignInLinks } from './sign-in-links.js';

@Module({
  imports: [AuthModule],
  controllers: [SignInLinksController],
  providers: [SignInLinks],
})
export class SignInLinksModule {}
