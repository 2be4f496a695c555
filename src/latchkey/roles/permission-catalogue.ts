import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeclaredRoutes } from '../access/declared-routes.js';
import { isPermission } from '../access/permission.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '../platform/http/answers/page.js';

/** Every key of this list is a permission; the first page starts before all of them. */
const PERMISSION_KEY = { test: isPermission } as RegExp;

/** Every permission that means something here: demanded by a route or carried by a role. */
@Injectable()
export class PermissionCatalogue {
  constructor(
    private readonly dataSource: DataSource,
    private readonly routes: DeclaredRoutes,
  ) {}

  /** Sorted. */
  async list({ limit, cursor }: PageQuery): Promise<Page<string>> {
    const carried: { permission: string }[] = await this.dataSource.query(
      'SELECT DISTINCT unnest(permissions) AS permission FROM roles',
    );
    const demanded = this.routes.all().flatMap(({ demands }) => demands.permissions);
    const all = new Set([...demanded, ...carried.map((row) => row.permission)]);
    const after = cursor === undefined ? '' : decodeCursor(cursor, PERMISSION_KEY);
    const rest = [...all].sort().filter((permission) => permission > after);
    return toPage(rest, limit, String, String);
  }
}
