import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { AccessModule } from './access/access.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ExternalModule } from './auth/external/external.module.js';
import { OwnFactorsModule } from './auth/factors/own-factors.module.js';
import { OAuthClientsModule } from './oauth/clients/oauth-clients.module.js';
import { GatewaysModule } from './oauth/gateways/gateways.module.js';
import { OAuthModule } from './oauth/oauth.module.js';
import { HealthModule } from './operations/health/health.module.js';
import { JobsModule } from './operations/jobs/jobs.module.js';
import { MetricsModule } from './operations/metrics/metrics.module.js';
import { OpenApiModule } from './operations/openapi/openapi.module.js';
import { OutboxAdminModule } from './operations/outbox/outbox-admin.module.js';
import { RetentionModule } from './operations/retention/retention.module.js';
import { ClockModule } from './platform/clock/clock.module.js';
import { AppSecretsModule } from './platform/config/app-secrets.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { DisclosureModule } from './platform/http/disclosure/disclosure.js';
import { LimitsModule } from './platform/limits/limits.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { OutboxModule } from './platform/outbox/outbox.module.js';
import { PersonsModule } from './platform/persons/persons.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { RolesModule } from './roles/roles.module.js';
import { KeysModule } from './tokens/keys/keys.module.js';
import { RevocationModule } from './tokens/revocation/revocation.module.js';
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
    OutboxModule,
    PersonsModule,
    MailModule,
    AccessModule,
    RevocationModule,
    AuditModule,
    KeysModule,
    TokensModule,
    RolesModule,
    UsersModule,
    OAuthClientsModule,
    AuthModule,
    OwnFactorsModule,
    ExternalModule,
    OAuthModule,
    GatewaysModule,
    OutboxAdminModule,
    JobsModule,
    RetentionModule,
    HealthModule,
    MetricsModule,
    OpenApiModule,
  ],
})
export class LatchkeyModule {}
