import { createHash, randomBytes } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import jsonwebtoken from 'jsonwebtoken';
import { DataSource } from 'typeorm';
import { v4 as uuid } from 'uuid';
import { TutorialKeys } from './tutorial-keys.js';
import { TutorialRefreshToken } from './tutorial-refresh-token.entity.js';
import { TutorialUser } from './tutorial-user.entity.js';

const WEEK_MILLISECONDS = 604_800_000;

@Injectable()
export class TutorialTokens {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: TutorialKeys,
  ) {}

  issue(userId: string, permissions: readonly string[]): string {
    const claims = { sub: userId, jti: uuid(), permissions, roles: ['user'] };
    const { algorithm, signing } = this.keys;
    return jsonwebtoken.sign(claims, signing, { algorithm, expiresIn: '15m' });
  }

  /** Read, then write: delete the old row, insert the new one. */
  async refresh(refreshToken: string) {
    return this.dataSource.transaction(async (manager) => {
      const tokens = manager.getRepository(TutorialRefreshToken);
      const found = await tokens.findOneBy({ tokenHash: hashOf(refreshToken) });
      if (found === null || found.expiresAt < new Date()) throw new UnauthorizedException();
      const user = await manager.getRepository(TutorialUser).findOneBy({ id: found.userId });
      if (user === null) throw new UnauthorizedException();
      await tokens.delete(found.id);
      const next = newRefreshToken(user.id);
      await tokens.insert(next.row);
      const accessToken = this.issue(user.id, user.permissions);
      return { accessToken, refreshToken: next.refreshToken };
    });
  }

  async startSession(permissions: string[]): Promise<string> {
    const user = await this.dataSource
      .getRepository(TutorialUser)
      .save({ email: `${uuid()}@example.com`, permissions });
    const { refreshToken, row } = newRefreshToken(user.id);
    await this.dataSource.getRepository(TutorialRefreshToken).insert(row);
    return refreshToken;
  }
}

function newRefreshToken(userId: string) {
  const refreshToken = randomBytes(48).toString('base64url');
  const expiresAt = new Date(Date.now() + WEEK_MILLISECONDS);
  return { refreshToken, row: { userId, tokenHash: hashOf(refreshToken), expiresAt } };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
