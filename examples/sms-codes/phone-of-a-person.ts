import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ExportUser, WayIn } from '../latchkey/index.js';
import { UserPhone } from './user-phone.entity.js';

/** An account with a number can be signed in to by it, and so may lose its last passkey. */
@Injectable()
export class PhoneWayIn extends WayIn {
  countFor(manager: EntityManager, userId: string): Promise<number> {
    return manager.countBy(UserPhone, { userId });
  }
}

/** `phone` in `GET /auth/account/export`. With the account the foreign key takes it along. */
@Injectable()
export class ExportPhone extends ExportUser {
  readonly name = 'phone';

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async export(userId: string): Promise<string | null> {
    const found = await this.dataSource.getRepository(UserPhone).findOneBy({ userId });
    return found?.phone ?? null;
  }
}
