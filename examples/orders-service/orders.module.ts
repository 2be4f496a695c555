import { Module } from '@nestjs/common';
import { AccessModule } from 'latchkey/access';
import { OrdersController } from './orders.controller.js';

const {
  ISSUER = 'http://localhost:3000',
  AUDIENCE = 'latchkey',
  JWKS_URI = `${ISSUER}/.well-known/jwks.json`,
  REDIS_URL,
} = process.env;

/** A service that accepts Latchkey's access tokens. It has no database and no secret. */
@Module({
  imports: [
    AccessModule.forRoot({
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUri: JWKS_URI,
      redisUrl: REDIS_URL,
    }),
  ],
  controllers: [OrdersController],
})
export class OrdersModule {}
