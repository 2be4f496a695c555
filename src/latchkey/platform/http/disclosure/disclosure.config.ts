import { IsIn, IsOptional, IsString, MinLength } from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from '../../config/config-slice.js';
import { isWeakSecret, MIN_SECRET_BYTES } from '../../config/secrets.config.js';

const SWITCH = ['on', 'off'] as const;
export type Switch = (typeof SWITCH)[number];

/** What the service tells strangers about itself. Each is on outside production, and off in it. */
@ConfigSlice()
export class DisclosureConfig implements RefusesInProduction {
  /** `/docs`, `/openapi.json` and `/openapi.yaml`. */
  @FromEnv('API_DESCRIPTION')
  @IsOptional()
  @IsIn(SWITCH)
  apiDescription?: Switch;

  /** `/metrics`. */
  @FromEnv('METRICS')
  @IsOptional()
  @IsIn(SWITCH)
  metrics?: Switch;

  /** Which part is down, and how current each is, in `/health/ready`. */
  @FromEnv('HEALTH_DETAILS')
  @IsOptional()
  @IsIn(SWITCH)
  healthDetails?: Switch;

  /**
   * The bearer token that opens `/metrics` and the details of `/health/ready` where they are off.
   */
  @FromEnv('MONITORING_TOKEN')
  @IsOptional()
  @IsString()
  @MinLength(MIN_SECRET_BYTES)
  monitoringToken?: string;

  productionRefusals(): string[] {
    return this.monitoringToken !== undefined && isWeakSecret(this.monitoringToken)
      ? [
          `MONITORING_TOKEN must be a random secret of at least ${MIN_SECRET_BYTES} bytes; make one with: openssl rand -base64 48`,
        ]
      : [];
  }
}
