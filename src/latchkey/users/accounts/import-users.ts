import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { OPERATOR } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { HeldRole } from '../../roles/authority-lookup.js';
import { DefaultRole } from '../../roles/default-role.js';
import { RoleSizes } from '../../roles/role-sizes.js';
import { PasswordHasher } from '../passwords/hashing/password-hasher.js';
import type { UserToImport } from './imported-user.js';
import { parseImportedUser } from './parse-imported-user.js';
import type { Line } from './read-lines.js';
import { UserBatchStore } from './store/user-batch-store.js';
import { TriedHashes } from './tried-hashes.js';

const BATCH_SIZE = 1_000;

export interface RefusedLine {
  readonly line: number;
  readonly reason: string;
}

export interface ImportCounts {
  readonly lines: number;
  readonly imported: number;
  /** There was an account with the address already. */
  readonly skipped: number;
  readonly refused: number;
}

export interface ImportOptions {
  /** Of the file, for the audit trail. */
  readonly name: string;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Called after every batch, and awaited. */
  readonly report: (counts: ImportCounts, refused: readonly RefusedLine[]) => Promise<void>;
}

/**
 * Makes accounts of the lines of a file, a thousand at a time, at the word of the operator of the
 * server: what roles they get is the file's to say. Addresses that have an account are left alone,
 * so that a run that was cut short is finished by running it again: a batch is done wholly or not.
 */
@Injectable()
export class ImportUsers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: UserBatchStore,
    private readonly hasher: PasswordHasher,
    private readonly sizes: RoleSizes,
    private readonly audit: AuditTrail,
    private readonly defaultRole: DefaultRole,
  ) {}

  /** @throws whatever the database throws; the batches before it stay done */
  async import(lines: AsyncIterable<Line>, options: ImportOptions): Promise<ImportCounts> {
    const importId = uuidv7();
    const conditions = {
      roles: await this.readRoles(),
      sizes: this.sizes,
      defaultRole: this.defaultRole.name,
      hashes: new TriedHashes(this.hasher),
    };
    if (!options.dryRun) await this.record('users.import_started', { importId }, options);
    let counts: ImportCounts = { lines: 0, imported: 0, skipped: 0, refused: 0 };
    for await (const batch of batchesOf(lines)) {
      const { users, refused } = await judge(batch, conditions);
      const imported = options.dryRun
        ? await this.store.tryInsert(users, importId)
        : await this.store.insert(users, importId);
      counts = {
        lines: counts.lines + batch.length,
        imported: counts.imported + imported,
        skipped: counts.skipped + users.length - imported,
        refused: counts.refused + refused.length,
      };
      await options.report(counts, refused);
    }
    if (!options.dryRun) await this.record('users.imported', { importId, ...counts }, options);
    return counts;
  }

  private async readRoles(): Promise<ReadonlyMap<string, HeldRole>> {
    const rows = await this.dataSource.query<HeldRole[]>(
      'SELECT name, permissions, required_acr AS "requiredAcr" FROM roles',
    );
    return new Map(rows.map((role) => [role.name, role]));
  }

  /** Once at the start and once at the end: a run that is cut short leaves the first. */
  private record(
    action: 'users.import_started' | 'users.imported',
    details: Record<string, unknown>,
    { name }: ImportOptions,
  ): Promise<void> {
    return this.audit.record(this.dataSource.manager, {
      action,
      actor: OPERATOR,
      details: { ...details, file: name },
    });
  }
}

/** What the file alone does not tell of a user. */
interface Conditions {
  /** Those that exist. */
  readonly roles: ReadonlyMap<string, HeldRole>;
  readonly sizes: RoleSizes;
  readonly defaultRole: string;
  readonly hashes: TriedHashes;
}

async function judge(batch: readonly Line[], conditions: Conditions) {
  const users: UserToImport[] = [];
  const refused: RefusedLine[] = [];
  for (const line of batch) {
    const parsed = await parseImportedUser(line, conditions.defaultRole);
    if (parsed === null) continue;
    const reason = 'refusal' in parsed ? parsed.refusal : await refusalOf(parsed.user, conditions);
    if (reason !== null) refused.push({ line: line.number, reason });
    else if ('user' in parsed) users.push(parsed.user);
  }
  return { users, refused };
}

async function refusalOf(
  { roles, passwordHash }: UserToImport,
  conditions: Conditions,
): Promise<string | null> {
  const unknown = roles.filter((role) => !conditions.roles.has(role));
  if (unknown.length > 0) return `roles names what does not exist: ${unknown.join(', ')}`;
  const held = new Set(roles.flatMap((name) => conditions.roles.get(name) ?? []));
  const tooLarge = conditions.sizes.problemOf([...held]);
  if (tooLarge !== null) return `roles do not fit together: ${tooLarge}`;
  if (passwordHash === null) return null;
  const problem = await conditions.hashes.problemOf(passwordHash);
  return problem && `passwordHash cannot be verified on this machine: ${problem}`;
}

async function* batchesOf(lines: AsyncIterable<Line>): AsyncGenerator<Line[]> {
  let batch: Line[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
