import { Global, Module } from '@nestjs/common';
import { AppSecrets } from './app-secrets.js';

@Global()
@Module({ providers: [AppSecrets], exports: [AppSecrets] })
export class AppSecretsModule {}
