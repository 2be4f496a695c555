import { Module } from '@nestjs/common';
import { FactorFailureStore } from './factor-failure-store.js';
import { FactorSecretCipher } from './factor-secret-cipher.js';
import { FactorStore } from './factor-store.js';
import { RecoveryCodeStore } from './recovery-code-store.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpFactors } from './totp-factors.js';

/** What accounts show beside their password. */
@Module({
  providers: [
    FactorFailureStore,
    FactorSecretCipher,
    FactorStore,
    RecoveryCodeStore,
    RecoveryCodes,
    TotpFactors,
  ],
  exports: [FactorFailureStore, FactorStore, RecoveryCodes, TotpFactors],
})
export class FactorsModule {}
