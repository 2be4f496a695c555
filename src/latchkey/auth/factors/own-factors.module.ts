import { Module } from '@nestjs/common';
import { FactorsModule } from '../../users/factors/factors.module.js';
import { AuthModule } from '../auth.module.js';
import { CodeFactors } from './code-factors.js';
import { EnrolTotp } from './enrol-totp.js';
import { FactorChanges } from './factor-changes.js';
import { FactorsAdminController } from './factors-admin.controller.js';
import { OwnFactorsController } from './own-factors.controller.js';
import { OwnFactors } from './own-factors.js';
import { RemoveFactor } from './remove-factor.js';
import { ResetFactors } from './reset-factors.js';

/** The flows of second factors and passkeys. */
@Module({
  imports: [AuthModule, FactorsModule],
  controllers: [FactorsAdminController, OwnFactorsController],
  providers: [CodeFactors, EnrolTotp, FactorChanges, OwnFactors, RemoveFactor, ResetFactors],
})
export class OwnFactorsModule {}
