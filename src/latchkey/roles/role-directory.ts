import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { decodeCursor, type Page, type PageQuery, toPage } from '../platform/http/answers/page.js';
import { Role } from './role.entity.js';
import { ROLE_NAME } from './role-name.js';
import { RoleView } from './roles.dto.js';
import { rolesErrors } from './roles.errors.js';

/** What roles there are. */
@Injectable()
export class RoleDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /** By name. */
  async list({ limit, cursor }: PageQuery): Promise<Page<RoleView>> {
    const after = cursor === undefined ? '' : decodeCursor(cursor, ROLE_NAME);
    const roles = await this.dataSource.getRepository(Role).find({
      where: { name: MoreThan(after) },
      order: { name: 'ASC' },
      take: limit + 1,
    });
    return toPage(roles, limit, (role) => role.name, RoleView.of);
  }

  /** @throws LatchkeyError `roles.not_found` */
  async get(name: string): Promise<RoleView> {
    const role = await this.dataSource.getRepository(Role).findOneBy({ name });
    if (role === null) throw rolesErrors.notFound();
    return RoleView.of(role);
  }
}
