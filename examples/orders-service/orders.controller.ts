import { Controller, Get } from '@nestjs/common';
import { CurrentUser, type Principal, Public, RequirePermissions } from 'latchkey/access';

@Controller('orders')
export class OrdersController {
  /** Anybody may ask. */
  @Get('opening-hours')
  @Public()
  openingHours() {
    return { from: '08:00', to: '18:00' };
  }

  /** Without a decorator a route needs a signed-in caller. */
  @Get('mine')
  mine(@CurrentUser() user: Principal) {
    return { userId: user.userId, orders: [] };
  }

  /** Open to callers with the permission, by any role. */
  @Get()
  @RequirePermissions('orders:read')
  all() {
    return { orders: [] };
  }
}
