import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { breachedPasswordsProvider } from './breached-passwords.rule.js';
import { HashingGate } from './hashing/hashing-gate.js';
import { HashingProcess } from './hashing/hashing-process.js';
import { PasswordHasher } from './hashing/password-hasher.js';
import { PasswordPolicy } from './password-policy.js';
import { ProvidedPasswordRules } from './provided-password-rules.js';

@Module({
  imports: [DiscoveryModule],
  providers: [
    HashingGate,
    HashingProcess,
    PasswordHasher,
    PasswordPolicy,
    ProvidedPasswordRules,
    breachedPasswordsProvider,
  ],
  exports: [HashingGate, PasswordHasher, PasswordPolicy],
})
export class PasswordsModule {}
