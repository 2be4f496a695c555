import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { readDemands } from '../access/access-demands.js';
import { isPermission } from '../access/permission.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '../http/page.js';

/** Every key of this list is a permission; the first page starts before all of them. */
const PERMISSION_KEY = { test: isPermission } as RegExp;

/** Every permission that means something here: demanded by a route or carried by a role. */
@Injectable()
export class PermissionCatalogue {
  private demanded?: readonly string[];

  constructor(
    private readonly dataSource: DataSource,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Sorted. */
  async list({ limit, cursor }: PageQuery): Promise<Page<string>> {
    const carried: { permission: string }[] = await this.dataSource.query(
      'SELECT DISTINCT unnest(permissions) AS permission FROM roles',
    );
    const all = new Set([...this.demandedByRoutes(), ...carried.map((row) => row.permission)]);
    const after = cursor === undefined ? '' : decodeCursor(cursor, PERMISSION_KEY);
    const rest = [...all].sort().filter((permission) => permission > after);
    return toPage(rest, limit, String, String);
  }

  /** Routes do not change while the process runs. */
  private demandedByRoutes(): readonly string[] {
    this.demanded ??= this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      if (typeof metatype !== 'function' || instance === undefined) return [];
      const prototype = Object.getPrototypeOf(instance);
      return this.scanner
        .getAllMethodNames(prototype)
        .flatMap((method) => readDemands(metatype, prototype[method]).permissions);
    });
    return this.demanded;
  }
}
