import { Global, Module } from '@nestjs/common';
import { VerificationKeys } from '../../access/verification/verification-keys.js';
import { KeyDirectory } from './admin/key-directory.js';
import { KeysAdminController } from './admin/keys-admin.controller.js';
import { JwksController } from './jwks.controller.js';
import { AdoptSettings } from './rotation/adopt-settings.js';
import { EnsureKeys } from './rotation/ensure-keys.js';
import { KeyRotationSchedule } from './rotation/key-rotation-schedule.js';
import { PromoteNextKey, PublishKey } from './rotation/publish-key.js';
import { RevokeKey } from './rotation/revoke-key.js';
import { RotateKeys } from './rotation/rotate-keys.js';
import { SigningKeys } from './signing-keys.js';
import { IssuedKeys } from './store/issued-keys.js';
import { SigningKeyCipher } from './store/signing-key-cipher.js';
import { SigningKeyStore } from './store/signing-key-store.js';

/** The life of the signing keys: published, signing, retired, revoked. */
@Global()
@Module({
  controllers: [JwksController, KeysAdminController],
  providers: [
    AdoptSettings,
    EnsureKeys,
    IssuedKeys,
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
    IssuedKeys,
    KeyDirectory,
    KeyRotationSchedule,
    RevokeKey,
    RotateKeys,
    SigningKeys,
    VerificationKeys,
  ],
})
export class KeysModule {}
