import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { StartupError } from '../../platform/errors/startup-error.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import {
  type FactorAttempt,
  type FactorMethod,
  type JudgedFactor,
  SecondFactors,
} from './second-factors.js';

interface ProvidedMethod extends FactorMethod {
  readonly provider: SecondFactors;
}

/** Every second factor that there is. Without any, nobody is asked for one. */
@Injectable()
export class ProvidedSecondFactors implements OnModuleInit {
  private readonly methods = new Map<string, ProvidedMethod>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws StartupError naming the method that two would check */
  onModuleInit(): void {
    for (const provider of findProvided(this.discovery, SecondFactors)) {
      for (const { method, factor } of provider.methods) {
        const other = this.methods.get(method)?.provider.constructor.name;
        if (other !== undefined) {
          const names = `${other} and ${provider.constructor.name}`;
          throw new StartupError(`${names} both check the factor ${method}. Leave it to one.`);
        }
        this.methods.set(method, { method, factor, provider });
      }
    }
  }

  /** The methods by which the account can show a second factor. No statement where there are none. */
  async usableBy(manager: EntityManager, userId: string): Promise<FactorMethod[]> {
    const usable: FactorMethod[] = [];
    for (const provider of this.providers()) {
      const names = await provider.usableBy(manager, userId);
      usable.push(...provider.methods.filter(({ method }) => names.includes(method)));
    }
    return usable;
  }

  /** Leaves the account without any, in a transaction that has locked it and ends its sessions. */
  async removeAll(manager: EntityManager, userId: string): Promise<void> {
    for (const provider of this.providers()) await provider.removeAll(manager, userId);
  }

  private providers(): Set<SecondFactors> {
    return new Set([...this.methods.values()].map(({ provider }) => provider));
  }

  /** Null also for a method that there is not. */
  async judge(attempt: FactorAttempt): Promise<JudgedFactor | null> {
    return (await this.methods.get(attempt.method)?.provider.judge(attempt)) ?? null;
  }
}
