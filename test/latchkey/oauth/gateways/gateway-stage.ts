import {
  createRole,
  type SignedIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../../support/test-app.js';
import { EchoService } from './echo-service.js';
import type { Behind, GatewayKind, RunningGateway } from './gateway-kind.js';

/** Latchkey and a service, with gateways of several kinds before them. */
export class GatewayStage {
  private constructor(
    readonly app: Awaited<ReturnType<typeof startTestApp>>,
    /** The way from the gateways to Latchkey. */
    readonly wayToLatchkey: TcpProxy,
    readonly service: EchoService,
    private readonly gateways: ReadonlyMap<string, RunningGateway>,
    readonly admin: SignedIn,
    /** May read reports, and nobody else but admins may. */
    readonly reader: SignedIn,
    /** Holds no role. */
    readonly caller: SignedIn,
    readonly behind: Behind,
  ) {}

  static async start(kinds: readonly GatewayKind[]): Promise<GatewayStage> {
    const [app, service] = await Promise.all([startTestApp(), EchoService.start()]);
    const way = await TcpProxy.start(Number(new URL(app.origin).port));
    const behind = {
      latchkey: `http://127.0.0.1:${way.port}`,
      service: service.origin,
      environment: { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: app.stores.databaseUrl },
    };
    const gateways = await Promise.all(
      kinds.map(async (kind) => [kind.name, await kind.start(behind)] as const),
    );
    const admin = await signUpAdmin(app);
    await createRole(app, admin, 'reader', ['reports:read']);
    const reader = await signUpWithRoles(app, admin, ['reader', 'user']);
    const caller = await signUpWithRoles(app, admin, []);
    return new GatewayStage(app, way, service, new Map(gateways), admin, reader, caller, behind);
  }

  originOf({ name }: GatewayKind): string {
    const gateway = this.gateways.get(name);
    if (gateway === undefined) throw new Error(`${name} has not been started.`);
    return gateway.origin;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.gateways.values()].map((gateway) => gateway.stop()));
    await this.wayToLatchkey.stop();
    await this.service.stop();
    await this.app[Symbol.asyncDispose]();
  }
}
