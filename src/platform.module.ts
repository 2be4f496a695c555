import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { AccessModule } from './access/access.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ClockModule } from './clock/clock.module.js';
import { AppSecretsModule } from './config/app-secrets.module.js';
import { DatabaseModule } from './database/database.module.js';
import { GatewaysModule } from './gateways/gateways.module.js';
import { HealthModule } from './health/health.module.js';
import { DisclosureModule } from './http/disclosure.module.js';
import { KeysModule } from './keys/keys.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OAuthModule } from './oauth/oauth.module.js';
import { OAuthClientsModule } from './oauth-clients/oauth-clients.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { RedisModule } from './redis/redis.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RevocationModule } from './revocation/revocation.module.js';
import { RolesModule } from './roles/roles.module.js';
import { LimitsModule } from './throttle/limits.module.js';
import { TokensModule } from './tokens/tokens.module.js';
import { UsersModule } from './users/users.module.js';

/** Latchkey itself, wired once. Your features go into `AppModule`, beside it. */
@Module({
  imports: [
    ClockModule,
    AppSecretsModule,
    DisclosureModule,
    EventEmitterModule.forRoot(),
    DatabaseModule,
    RedisModule,
    LimitsModule,
    AccessModule,
    RevocationModule,
    AuditModule,
    KeysModule,
    TokensModule,
    RolesModule,
    UsersModule,
    OAuthClientsModule,
    AuthModule,
    OAuthModule,
    GatewaysModule,
    RetentionModule,
    HealthModule,
    MetricsModule,
    OpenApiModule,
  ],
})
export class PlatformModule {}
