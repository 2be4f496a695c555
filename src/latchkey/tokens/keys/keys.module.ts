import { Global, Module } from '@nestjs/common';
import { VerificationKeys } from '../../access/verification-keys.js';
import { AdoptSettings } from './adopt-settings.js';
import { EnsureKeys } from './ensure-keys.js';
import { JwksController } from './jwks.controller.js';
import { KeyDirectory } from './key-directory.js';
import { KeyRotationSchedule } from './key-rotation-schedule.js';
import { KeysAdminController } from './keys-admin.controller.js';
import { PromoteNextKey } from './promote-next-key.js';
import { PublishKey } from './publish-key.js';
import { RevokeKey } from './revoke-key.js';
import { RotateKeys } from './rotate-keys.js';
import { SigningKeyCipher } from './signing-key-cipher.js';
import { SigningKeyStore } from './signing-key-store.js';
import { SigningKeys } from './signing-keys.js';

/** The life of the signing keys: published, signing, retired, revoked. */
@Global()
@Module({
  controllers: [JwksController, KeysAdminController],
  providers: [
    AdoptSettings,
    EnsureKeys,
    KeyDirectory,
    KeyRotationSchedule,
    PromoteNextKey,
    PublishKey,
    RevokeKey,
    RotateKeys,
    SigningKeyCipher,
    SigningKeyStore,
    SigningKeys,
    { provide: VerificationKeys, useExisting: SigningKeys },
  ],
  exports: [
    KeyDirectory,
    KeyRotationSchedule,
    RevokeKey,
    RotateKeys,
    SigningKeys,
    VerificationKeys,
  ],
})
export class KeysModule {}
