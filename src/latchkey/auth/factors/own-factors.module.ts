import { Module } from '@nestjs/common';
import { FactorsModule } from '../../users/factors/factors.module.js';
import { AuthModule } from '../auth.module.js';
import { ThrottleModule } from '../throttling/throttle.module.js';
import { CodeFactors } from './code-factors.js';
import { EnrolTotp } from './enrol-totp.js';
import { EnrolmentProof } from './enrolment-proof.js';
import { FactorChanges } from './factor-changes.js';
import { FactorsAdminController } from './factors-admin.controller.js';
import { OwnFactorsController } from './own-factors.controller.js';
import { OwnFactors } from './own-factors.js';
import { PasskeyChallenges, PasskeyCookie } from './passkeys/passkey-challenges.js';
import { PasskeyFactors } from './passkeys/passkey-factors.js';
import { PasskeyJudge } from './passkeys/passkey-judge.js';
import { PasskeySignIn } from './passkeys/passkey-sign-in.js';
import { PasskeySignals } from './passkeys/passkey-signals.js';
import { PasskeyThrottle } from './passkeys/passkey-throttle.js';
import { PasskeysController } from './passkeys/passkeys.controller.js';
import { RegisterPasskey } from './passkeys/register-passkey.js';
import { RelatedOriginsController } from './passkeys/related-origins.controller.js';
import { RelyingParty } from './passkeys/relying-party.js';
import { RemoveFactor } from './remove-factor.js';
import { ResetFactors } from './reset-factors.js';

/** The flows of second factors and passkeys. */
@Module({
  imports: [AuthModule, FactorsModule, ThrottleModule],
  controllers: [
    FactorsAdminController,
    OwnFactorsController,
    PasskeysController,
    RelatedOriginsController,
  ],
  providers: [
    CodeFactors,
    EnrolmentProof,
    EnrolTotp,
    FactorChanges,
    OwnFactors,
    PasskeyChallenges,
    PasskeyCookie,
    PasskeyFactors,
    PasskeyJudge,
    PasskeySignIn,
    PasskeyThrottle,
    PasskeySignals,
    RegisterPasskey,
    RelyingParty,
    RemoveFactor,
    ResetFactors,
  ],
})
export class OwnFactorsModule {}
