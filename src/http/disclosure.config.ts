import { IsIn, IsOptional, IsString, MinLength } from 'class-validator';
import { ConfigSlice, FromEnv } from '../config/config-slice.js';

const SWITCH = ['on', 'off'] as const;
export type Switch = (typeof SWITCH)[number];
const MIN_TOKEN_LENGTH = 32;

/** What the service tells strangers about itself. Each is on outside production, and off in it. */
@ConfigSlice()
export class DisclosureConfig {
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

  /** Whoever shows it as a bearer token is no stranger to the last two. */
  @FromEnv('MONITORING_TOKEN')
  @IsOptional()
  @IsString()
  @MinLength(MIN_TOKEN_LENGTH)
  monitoringToken?: string;
}
