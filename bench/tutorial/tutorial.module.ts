import { type DynamicModule, Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Redis } from 'ioredis';
import { TutorialController } from './tutorial.controller.js';
import { TutorialStrategy } from './tutorial.strategy.js';
import { TutorialKeys } from './tutorial-keys.js';
import { TutorialPermissionsGuard } from './tutorial-permissions.guard.js';
import { TutorialRefreshToken } from './tutorial-refresh-token.entity.js';
import { TutorialTokens } from './tutorial-tokens.js';
import { TutorialUser } from './tutorial-user.entity.js';

/** Authentication as it is commonly taught: the baseline of a comparison, not an example. */
@Module({})
export class TutorialModule {
  static with(databaseUrl: string, redisUrl: string, keys: TutorialKeys): DynamicModule {
    return {
      module: TutorialModule,
      imports: [
        PassportModule,
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: databaseUrl,
          entities: [TutorialUser, TutorialRefreshToken],
          synchronize: true,
        }),
      ],
      controllers: [TutorialController],
      providers: [
        TutorialPermissionsGuard,
        TutorialStrategy,
        TutorialTokens,
        { provide: TutorialKeys, useValue: keys },
        { provide: Redis, useFactory: () => new Redis(redisUrl) },
      ],
    };
  }
}
