import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  type Actor,
  AuditTrail,
  defineAuditActions,
  defineFactor,
  RequireAuthority,
} from '../latchkey/index.js';
import { DoorCode } from './door-code.entity.js';

export const doorActions = defineAuditActions({ issued: 'door_code.issued' });

/** It signs in by itself, and is one factor: an account that has a second one is asked for it as well. */
export const DOOR_CODE = defineFactor({ name: 'door_code', amr: ['otp'], role: 'first' });

const VALID_MINUTES = 15;
/** 64 random bits need no slow hash: nobody tries them all. */
const CODE_BYTES = 8;
/** Takes the place of the id where there is no account: the same statement finds nothing. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** The one place that reads and writes the table of codes. */
@Injectable()
export class DoorCodes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly authority: RequireAuthority,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A new code; the one before is worth nothing any more.
   *
   * @throws LatchkeyError `users.not_found`, `roles.escalation` for an account that holds more than
   *   the actor: who has its code has the account
   */
  issue(userId: string, actor: Actor): Promise<{ code: string; validUntil: Date }> {
    const code = randomBytes(CODE_BYTES).toString('hex');
    const validUntil = new Date(Date.now() + VALID_MINUTES * 60_000);
    return this.dataSource.transaction(async (manager) => {
      await this.authority.requireOver(manager, userId, actor);
      const row = { userId, codeHash: hashOf(code), validUntil };
      await manager.upsert(DoorCode, row, ['userId']);
      await this.audit.record(manager, {
        action: doorActions.issued,
        actor,
        target: { type: 'user', id: userId },
      });
      return { code, validUntil };
    });
  }

  /** Whether it is the user's code. A code opens once. */
  async redeem(userId: string | undefined, code: string): Promise<boolean> {
    const { affected } = await this.dataSource
      .createQueryBuilder()
      .delete()
      .from(DoorCode)
      .where('user_id = :userId AND code_hash = :codeHash AND valid_until > now()', {
        userId: userId ?? NO_ACCOUNT,
        codeHash: hashOf(code),
      })
      .execute();
    return affected === 1;
  }
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}
