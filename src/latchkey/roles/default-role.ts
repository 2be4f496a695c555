import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsNotIn } from 'class-validator';
import { DataSource } from 'typeorm';
import { ConfigSlice, FromEnv } from '../platform/config/config-slice.js';
import { ADMIN_ROLE, IsRoleName } from './role-name.js';

@ConfigSlice()
export class DefaultRoleConfig {
  /** The role of every new account. */
  @FromEnv('DEFAULT_ROLE')
  @IsRoleName()
  @IsNotIn([ADMIN_ROLE], {
    message: 'DEFAULT_ROLE must not be the role that permits everything: anybody may register',
  })
  defaultRole: string = 'user';
}

/** The role that every new account gets. */
@Injectable()
export class DefaultRole implements OnModuleInit {
  constructor(
    private readonly config: DefaultRoleConfig,
    private readonly dataSource: DataSource,
  ) {}

  get name(): string {
    return this.config.defaultRole;
  }

  /**
   * Makes the role, without permissions, where it does not exist. From then on it is a built-in one
   * and cannot be deleted: no registration fails for the lack of it.
   */
  async onModuleInit(): Promise<void> {
    const found = await this.dataSource.query<{ built_in: boolean }[]>(
      'SELECT built_in FROM roles WHERE name = $1',
      [this.name],
    );
    if (found[0]?.built_in === true) return;
    await this.dataSource.query(
      `INSERT INTO roles (name, description, permissions, built_in)
       VALUES ($1, 'What every new account gets.', '{}', true)
       ON CONFLICT (name) DO UPDATE SET built_in = true`,
      [this.name],
    );
  }
}
