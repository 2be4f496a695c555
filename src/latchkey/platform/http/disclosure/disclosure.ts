import { createHash, timingSafeEqual } from 'node:crypto';
import { Global, Injectable, Module } from '@nestjs/common';
import { RuntimeConfig } from '../../config/runtime.config.js';
import { DisclosureConfig, type Switch } from './disclosure.config.js';

/** Who may read what the service tells about itself (ASVS 13.4). */
@Injectable()
export class Disclosure {
  /** Whether the API description is served. */
  readonly describesApi: boolean;
  private readonly showsMetrics: boolean;
  private readonly showsHealth: boolean;
  private readonly monitoringToken: Buffer | null;

  constructor(config: DisclosureConfig, { production }: RuntimeConfig) {
    const isOn = (setting: Switch | undefined) => (setting ?? (production ? 'off' : 'on')) === 'on';
    this.describesApi = isOn(config.apiDescription);
    this.showsMetrics = isOn(config.metrics);
    this.showsHealth = isOn(config.healthDetails);
    const { monitoringToken } = config;
    this.monitoringToken = monitoringToken === undefined ? null : digest(monitoringToken);
  }

  /** Whether any caller may read metrics. */
  get hasMetrics(): boolean {
    return this.showsMetrics || this.monitoringToken !== null;
  }

  /** @param token what the caller shows as a bearer token */
  opensMetricsTo(token: string | null): boolean {
    return this.showsMetrics || this.isMonitoring(token);
  }

  /** @param token what the caller shows as a bearer token */
  opensHealthTo(token: string | null): boolean {
    return this.showsHealth || this.isMonitoring(token);
  }

  private isMonitoring(token: string | null): boolean {
    if (token === null || this.monitoringToken === null) return false;
    return timingSafeEqual(digest(token), this.monitoringToken);
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

@Global()
@Module({ providers: [Disclosure], exports: [Disclosure] })
export class DisclosureModule {}
