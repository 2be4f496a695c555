import { Module } from '@nestjs/common';
import { IdentityExport } from './identity-export.js';
import { IdentityStore } from './identity-store.js';

/** What accounts are known as at providers that people sign in through. */
@Module({ providers: [IdentityExport, IdentityStore], exports: [IdentityStore] })
export class IdentitiesModule {}
