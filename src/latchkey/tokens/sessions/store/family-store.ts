import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import { PreparedStatements } from '../../../platform/database/connection/prepared-statements.js';
import type { ShownFactor } from '../../assurance/factor.js';
import { toStored } from '../../assurance/session-assurance.js';
import { momentOfSession } from '../../revocation/kinds/session-moment.js';
import { FamilyKey } from '../refresh/family-key.js';
import type { RotationState } from '../refresh/rotation-rule.js';
import type { StoredSessionData } from '../session-data.js';
import { ADVANCE, INSERT_SQL } from './family-statements.js';
import {
  type FamilyRow,
  type SessionFamily,
  type SessionLookup,
  toFamily,
} from './session-family.js';

export interface NewFamily {
  readonly userId: string;
  readonly factors: readonly ShownFactor[];
  readonly data: StoredSessionData;
  readonly idleTtlSeconds: number;
  readonly absoluteTtlSeconds: number;
  readonly actor: Actor;
  /** Of a session at a client. */
  readonly client?: ClientOfFamily;
}

export interface ClientOfFamily {
  readonly clientId: string;
  readonly parentId: string;
  readonly scope: string;
  /** Null: this API. */
  readonly audience: string | null;
}

export interface FamilyAdvance {
  readonly sessionId: string;
  readonly from: number;
  readonly next: RotationState;
  readonly lapsesAtMilliseconds: number;
  readonly actor: Actor;
}

export interface AdvancedFamily {
  readonly family: SessionFamily;
  readonly advanced: boolean;
}

export interface FoundFamily<T> {
  readonly family: SessionFamily;
  readonly alongside: T;
}

interface AdvancedRow extends FamilyRow {
  readonly advanced: boolean;
}

/**
 * The table `sessions`: what sign-in and refresh ask of it, one statement each. Whether a family is
 * live and what becomes of it is read and written in one snapshot; `rotation-rule.ts` decides. An
 * advance changes no indexed column, so that it stays a HOT update.
 */
@Injectable()
export class FamilyStore {
  constructor(private readonly statements: PreparedStatements) {}

  async insert(manager: EntityManager, family: NewFamily): Promise<SessionFamily> {
    const inserted = await this.insertIfParentLives(manager, family);
    if (inserted === null) throw new Error('The new session was not returned.');
    return inserted;
  }

  /** Null for one at a client whose parent is not live. */
  async insertIfParentLives(
    manager: EntityManager,
    family: NewFamily,
  ): Promise<SessionFamily | null> {
    const { ip, userAgent } = family.actor;
    const { client } = family;
    const [row] = await manager.query<FamilyRow[]>(INSERT_SQL, [
      randomUuidTail(),
      family.userId,
      FamilyKey.generate().toColumn(),
      [...new Set(family.factors.flatMap(({ factor }) => factor.amr))],
      family.idleTtlSeconds,
      family.absoluteTtlSeconds,
      ip,
      userAgent,
      JSON.stringify(family.data),
      JSON.stringify(toStored(family.factors)),
      client?.clientId ?? null,
      client?.parentId ?? null,
      client?.scope ?? null,
      client?.audience ?? null,
      client === undefined ? null : momentOfSession(client.parentId),
    ]);
    return row === undefined ? null : toFamily(row);
  }

  async find<T>(sessionId: string, lookup: SessionLookup<T>): Promise<FoundFamily<T> | null> {
    const [row] = await this.statements.query<FamilyRow>(lookup.statement, [sessionId]);
    return row === undefined ? null : { family: toFamily(row), alongside: lookup.read(row) };
  }

  /**
   * Compare and set: `next` becomes the state if the generation is still `from` and the
   * database's clock has not reached `lapsesAtMilliseconds`. Otherwise nothing changes.
   *
   * @returns the family as it is afterwards; null when it is not live
   */
  async advance(
    { sessionId, from, next, lapsesAtMilliseconds, actor }: FamilyAdvance,
    manager?: EntityManager,
  ): Promise<AdvancedFamily | null> {
    const values = [
      sessionId,
      from,
      lapsesAtMilliseconds,
      next.generation,
      next.generation - 1 - next.presented,
      next.graceFloor,
      next.previousGraceFloor,
      next.graceBucketStartedAtMilliseconds,
      actor.ip,
      actor.userAgent,
    ];
    const [row] =
      manager === undefined
        ? await this.statements.query<AdvancedRow>(ADVANCE, values)
        : (await manager.query<[AdvancedRow[], number]>(ADVANCE.text, values))[0];
    return row === undefined ? null : { family: toFamily(row), advanced: row.advanced };
  }
}

/** The last 80 bits of a UUIDv7: version, variant and 74 random bits. */
function randomUuidTail(): Buffer {
  const tail = randomBytes(10);
  tail.writeUInt8((tail.readUInt8(0) & 0x0f) | 0x70, 0);
  tail.writeUInt8((tail.readUInt8(2) & 0x3f) | 0x80, 2);
  return tail;
}
