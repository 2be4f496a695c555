import { Body, Controller, HttpCode, Module, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../src/latchkey/access/access.decorators.js';
import { authErrors } from '../../../src/latchkey/auth/auth.errors.js';
import { AuthModule } from '../../../src/latchkey/auth/auth.module.js';
import { TokenResponse } from '../../../src/latchkey/auth/session/session.dto.js';
import { CompleteSignIn } from '../../../src/latchkey/auth/sign-in/complete-sign-in.js';
import { DELIVERIES, type Delivery } from '../../../src/latchkey/auth/sign-in/sign-in.dto.js';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import { Throws } from '../../../src/latchkey/platform/http/route.decorators.js';
import { IsText } from '../../../src/latchkey/platform/http/validation/field.decorators.js';
import { Users } from '../../../src/latchkey/users/accounts/users.js';

export const DOOR_CODE = '4711';

class DoorCodeBody {
  @ApiProperty({ example: 'ada@example.com' })
  @IsText({ min: 1, max: 254 })
  email!: string;

  @ApiProperty({ example: DOOR_CODE })
  @IsText({ min: 1, max: 10 })
  code!: string;

  @ApiProperty({ enum: DELIVERIES })
  @IsIn(DELIVERIES)
  delivery!: Delivery;
}

/** A way to sign in of a team's own: it finds out who it is, and leaves the rest to Latchkey. */
@Controller('door')
class DoorCodeController {
  constructor(
    private readonly users: Users,
    private readonly signIn: CompleteSignIn,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in by the code of the door' })
  @ApiOkResponse({ type: TokenResponse })
  @Throws(authErrors.invalidCredentials, authErrors.crossSite)
  async enter(
    @Body() { email, code, delivery }: DoorCodeBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const account = await this.users.findForSignIn(email);
    if (account === null || code !== DOOR_CODE) throw authErrors.invalidCredentials();
    return this.signIn.complete(reply, { account, methods: ['otp'], delivery });
  }
}

@Module({ imports: [LatchkeyModule, AuthModule], controllers: [DoorCodeController] })
export class DoorCodeModule {}
