import { Injectable, type OnModuleInit, type PipeTransform, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import type { EntityManager } from 'typeorm';
import type { FieldError, LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { requestValidation } from '../../platform/http/validation/request-validation.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { RegisterBody } from './registration.dto.js';

/**
 * Fields of a feature's own in the body of `POST /auth/register`. Extend it, and provide the class in
 * any module; there may be several.
 *
 * @example
 * ```ts
 * class PhoneFields {
 *   @ApiProperty({ example: '+49 30 901820' })
 *   @IsText({ min: 5, max: 20 })
 *   phone!: string;
 * }
 *
 * @Injectable()
 * export class PhoneRegistration extends RegistrationFields<PhoneFields> {
 *   readonly type = PhoneFields;
 *
 *   async store(manager: EntityManager, userId: string, { phone }: PhoneFields) {
 *     await manager.insert(Phone, { userId, phone });
 *   }
 * }
 * ```
 */
export abstract class RegistrationFields<Fields extends object = object> {
  /**
   * The fields, with the decorators of class-validator and `@nestjs/swagger`: they are checked together
   * with Latchkey's, and described in the API description.
   */
  abstract readonly type: Type<Fields>;

  /**
   * Stores them in the transaction that makes the account. What it throws takes the account back, and
   * is the answer: declare such an error by `defineErrors`.
   *
   * When the address is taken, it is called for an account that is rolled back again, so that neither
   * its errors nor its time tell which addresses are known. So do nothing here that a rollback leaves:
   * no mail, no call of another service.
   */
  abstract store(manager: EntityManager, userId: string, fields: Fields): Promise<void>;
}

/** A body of `POST /auth/register`, validated. */
export interface RegistrationRequest {
  readonly body: RegisterBody;
  /** Stores what features asked for; undefined when there is no such feature. */
  readonly storeFields?: (manager: EntityManager, userId: string) => Promise<void>;
}

interface OwnedFields {
  readonly port: RegistrationFields;
  readonly names: readonly string[];
}

/** The fields that features add to a registration. */
@Injectable()
export class ProvidedRegistrationFields implements OnModuleInit {
  private readonly validation = requestValidation();
  private owned: readonly OwnedFields[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws StartupError when a field has two owners, or a class declares none */
  onModuleInit(): void {
    const owners = new Map(fieldsOf(RegisterBody).map((name) => [name, RegisterBody.name]));
    this.owned = findProvided(this.discovery, RegistrationFields).map((port) => {
      const names = fieldsOf(port.type);
      const { name: owner } = port.constructor;
      if (names.length === 0)
        throw new StartupError(`${owner}: ${port.type.name} declares no field.`);
      for (const name of names) {
        const other = owners.get(name);
        if (other !== undefined) {
          throw new StartupError(
            `The registration field "${name}" has two owners: ${other} and ${owner}.`,
          );
        }
        owners.set(name, owner);
      }
      return { port, names };
    });
  }

  /** The classes that describe them. */
  types(): Type[] {
    return this.owned.map(({ port }) => port.type);
  }

  /** @throws LatchkeyError `request.invalid` naming every field that is wrong, Latchkey's and yours */
  async validate(sent: unknown): Promise<RegistrationRequest> {
    if (this.owned.length === 0 || typeof sent !== 'object' || sent === null) {
      return { body: await this.validated(RegisterBody, sent) };
    }
    const taken = new Set(this.owned.flatMap(({ names }) => names));
    const errors: FieldError[] = [];
    const partOf = async <T extends object>(type: Type<T>, isPart: (name: string) => boolean) => {
      const entries = Object.entries(sent).filter(([name]) => isPart(name));
      return this.validated(type, Object.fromEntries(entries)).catch((error: unknown) => {
        if (!requestErrors.invalid.is(error)) throw error;
        errors.push(...((error as LatchkeyError).fields ?? []));
        return undefined;
      });
    };
    // What no feature owns is Latchkey's, which refuses what it does not know.
    const body = await partOf(RegisterBody, (name) => !taken.has(name));
    const parts: { port: RegistrationFields; fields?: object }[] = [];
    for (const { port, names } of this.owned) {
      parts.push({ port, fields: await partOf(port.type, (name) => names.includes(name)) });
    }
    if (errors.length > 0 || body === undefined) throw requestErrors.invalid({ fields: errors });
    const storeFields = async (manager: EntityManager, userId: string) => {
      for (const { port, fields } of parts) {
        if (fields !== undefined) await port.store(manager, userId, fields);
      }
    };
    return { body, storeFields };
  }

  private async validated<T extends object>(type: Type<T>, sent: unknown): Promise<T> {
    return this.validation.transform(sent, { type: 'body', metatype: type });
  }
}

/** Validates a registration together with the fields that features add to it. */
@Injectable()
export class RegistrationPipe implements PipeTransform<unknown, Promise<RegistrationRequest>> {
  constructor(private readonly fields: ProvidedRegistrationFields) {}

  transform(sent: unknown): Promise<RegistrationRequest> {
    return this.fields.validate(sent);
  }
}

function fieldsOf(type: Type): string[] {
  const declared = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(declared.map(({ propertyName }) => propertyName))];
}
