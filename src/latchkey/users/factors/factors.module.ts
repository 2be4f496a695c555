import { Module } from '@nestjs/common';
import { FactorFailureStore } from './factor-failure-store.js';
import { FactorSecretCipher } from './factor-secret-cipher.js';
import { FactorStore } from './factor-store.js';
import { PasskeyStore } from './passkey-store.js';
import { RecoveryCodeStore } from './recovery-code-store.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpFactors } from './totp-factors.js';

/** What accounts show beside their password. */
@Module({
  providers: [
    FactorFailureStore,
    FactorSecretCipher,
    FactorStore,
    PasskeyStore,
    RecoveryCodeStore,
    RecoveryCodes,
    TotpFactors,
  ],
  exports: [FactorFailureStore, FactorStore, PasskeyStore, RecoveryCodes, TotpFactors],
})
export class FactorsModule {}
