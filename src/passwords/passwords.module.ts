import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HashingGate } from './hashing-gate.js';
import { HashingProcess } from './hashing-process.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordPolicy } from './password-policy.js';
import { ProvidedPasswordRules } from './provided-password-rules.js';

@Module({
  imports: [DiscoveryModule],
  providers: [HashingGate, HashingProcess, PasswordHasher, PasswordPolicy, ProvidedPasswordRules],
  exports: [PasswordHasher, PasswordPolicy],
})
export class PasswordsModule {}
