import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { columnsOf } from '../../platform/database/columns-of.js';
import { Resource } from './resource.entity.js';
import type { ResourceScope } from './resource-scope.entity.js';

const RESOURCE = ['id', 'identifier', 'name', 'clientId', 'createdAt'] as const;

/** A scope as its resource has it. */
export type NamedScope = Readonly<Pick<ResourceScope, 'name' | 'description'>>;

export interface ResourceRow extends Pick<Resource, (typeof RESOURCE)[number]> {
  /** By name. */
  readonly scopes: NamedScope[];
}

/** A scope of a resource, as somebody may ask for it. */
export interface ScopeOfResource extends NamedScope {
  readonly resource: Readonly<Pick<Resource, 'identifier' | 'name'>>;
}

const SELECT = `
  SELECT ${columnsOf(Resource, 'resource', RESOURCE)},
    (SELECT coalesce(jsonb_agg(jsonb_build_object('name', scope.name, 'description', scope.description)
       ORDER BY scope.name), '[]')
     FROM resource_scopes AS scope WHERE scope.resource_id = resource.id) AS scopes
  FROM resources AS resource`;

/** Those of an array of names that are scopes of resources, as `ScopeOfResource[]`; `names` is SQL. */
export function scopesOfResourcesSql(names: string): string {
  return `(SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', scope.name, 'description', scope.description,
      'resource', jsonb_build_object('identifier', resource.identifier, 'name', resource.name))
      ORDER BY scope.name), '[]')
    FROM resource_scopes AS scope JOIN resources AS resource ON resource.id = scope.resource_id
    WHERE scope.name = ANY (${names}))`;
}

/** The statements on `resources` and `resource_scopes`, but for the one that finds a client with its own. */
@Injectable()
export class ResourceStore {
  constructor(private readonly dataSource: DataSource) {}

  async find(manager: EntityManager, id: string): Promise<ResourceRow | null> {
    const [row] = await manager.query<ResourceRow[]>(`${SELECT} WHERE resource.id = $1`, [id]);
    return row ?? null;
  }

  /** The same, which nobody else changes before the transaction is over. */
  async lock(manager: EntityManager, id: string): Promise<ResourceRow | null> {
    await manager.query('SELECT 1 FROM resources WHERE id = $1 FOR UPDATE', [id]);
    return this.find(manager, id);
  }

  /** The newest first. */
  findAll(beforeId: string | null, limit: number): Promise<ResourceRow[]> {
    return this.dataSource.query<ResourceRow[]>(
      `${SELECT} WHERE $1::uuid IS NULL OR resource.id < $1 ORDER BY resource.id DESC LIMIT $2`,
      [beforeId, limit],
    );
  }

  /** Which of the names are scopes of a resource; they stay so until the transaction is over. */
  async keepKnown(manager: EntityManager, names: readonly string[]): Promise<string[]> {
    const rows = await manager.query<{ name: string }[]>(
      'SELECT name FROM resource_scopes WHERE name = ANY ($1) FOR SHARE',
      [names],
    );
    return rows.map(({ name }) => name);
  }

  /** Whether tokens of the audience are for the service whose client this is. */
  async isOwn(clientId: string, audience: unknown): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT 1 FROM resources WHERE client_id = $1 AND identifier = $2',
      [clientId, audience],
    );
    return rows.length > 0;
  }

  /** @returns false when the identifier is taken */
  async insert(
    manager: EntityManager,
    { id, identifier, name, clientId }: Pick<Resource, 'id' | 'identifier' | 'name' | 'clientId'>,
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO resources (id, identifier, name, client_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (identifier) DO NOTHING RETURNING id`,
      [id, identifier, name, clientId],
    );
    return rows.length > 0;
  }

  async update(
    manager: EntityManager,
    { id, name, clientId }: Pick<Resource, 'id' | 'name' | 'clientId'>,
  ): Promise<void> {
    await manager.query(
      `UPDATE resources SET name = $2, client_id = $3, updated_at = clock_timestamp() WHERE id = $1`,
      [id, name, clientId],
    );
  }

  /** @returns false when one of them belongs to another resource; roll back then */
  async putScopes(
    manager: EntityManager,
    resourceId: string,
    scopes: readonly NamedScope[],
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO resource_scopes AS scope (name, resource_id, description)
       SELECT given.name, $1, given.description FROM unnest($2::text[], $3::text[])
         AS given (name, description) ORDER BY given.name
       ON CONFLICT (name) DO UPDATE SET description = excluded.description
         WHERE scope.resource_id = excluded.resource_id RETURNING name`,
      [resourceId, scopes.map(({ name }) => name), scopes.map(({ description }) => description)],
    );
    return rows.length === scopes.length;
  }

  async deleteScopes(manager: EntityManager, names: readonly string[]): Promise<void> {
    await manager.query('DELETE FROM resource_scopes WHERE name = ANY ($1)', [names]);
  }

  async delete(manager: EntityManager, id: string): Promise<void> {
    await manager.query('DELETE FROM resources WHERE id = $1', [id]);
  }
}
