import { Module } from '@nestjs/common';
import { IdentityExport } from './identity-export.js';
import { IdentityStore } from './identity-store.js';
import { IdentityTokenCipher } from './identity-token-cipher.js';
import { IdentityTokenStore } from './identity-token-store.js';

/** What accounts are known as at providers that people sign in through. */
@Module({
  providers: [IdentityExport, IdentityStore, IdentityTokenCipher, IdentityTokenStore],
  exports: [IdentityStore, IdentityTokenStore],
})
export class IdentitiesModule {}
