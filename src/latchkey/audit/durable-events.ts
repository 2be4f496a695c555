import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { Outbox } from '../platform/outbox/outbox.js';
import {
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
} from '../platform/outbox/outbox-handler.js';
import type { AuditAction } from './audit-action.js';
import type { AnnouncedEvent } from './recorded-event.js';

const DURABLE_EVENT = 'latchkey:durable-event';
const KIND = 'event';

/** Called with what the listener must not miss. Idempotent: at least once for each event. */
export type DurableListener = (event: AnnouncedEvent, id: string) => Promise<void> | void;

/**
 * Makes a method of any provider hear of every audit event of an action, whatever happens to the
 * process: where `@OnEvent` forgets an event with the process that dies after the commit, this one is
 * kept with the change and told until the method has returned. What it throws is tried again for a day,
 * then an admin sees it at `GET /admin/outbox`. Events about one thing come in their order.
 *
 * @param action of Latchkey's or defined by `defineAuditActions`
 * @example
 * ```ts
 * @OnDurableEvent('user.deleted')
 * async forget({ target }: AnnouncedEvent, id: string) { … }    // the same id if it is told again
 * ```
 */
export function OnDurableEvent(
  action: AuditAction,
): (
  prototype: object,
  method: string,
  descriptor: TypedPropertyDescriptor<DurableListener>,
) => void {
  return (_prototype, _method, { value }) => {
    if (value !== undefined) Reflect.defineMetadata(DURABLE_EVENT, action, value);
  };
}

/** Tells events through the outbox to subscribers that must not miss them. */
@Injectable()
export class DurableEvents extends OutboxHandler implements OnModuleInit {
  readonly kind = KIND;
  private readonly listeners = new Map<string, DurableListener>();
  private readonly namesByAction = new Map<string, string[]>();

  constructor(
    private readonly outbox: Outbox,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {
    super();
  }

  /** @throws Error when two listeners have the same name: of their class and method */
  onModuleInit(): void {
    const { discovery } = this;
    const wrappers = [...discovery.getProviders(), ...discovery.getControllers()];
    for (const instance of new Set<unknown>(wrappers.map((wrapper) => wrapper.instance))) {
      if (typeof instance === 'object' && instance !== null) this.addListenersOf(instance);
    }
  }

  /** Puts the event in for each of its listeners, in the caller's transaction. */
  async put(manager: EntityManager, event: AnnouncedEvent): Promise<void> {
    for (const listener of this.namesByAction.get(event.action) ?? []) {
      await this.outbox.put(manager, {
        kind: KIND,
        recipient: `${listener} ${event.target?.id ?? ''}`,
        payload: { listener, event },
      });
    }
  }

  override async deliver({ id, payload }: OutboxDelivery): Promise<OutboxOutcome> {
    const { listener, event } = payload as { listener: string; event: AnnouncedEvent };
    const tell = this.listeners.get(listener);
    if (tell === undefined) throw new Error(`There is no ${listener} in this version.`);
    await tell(event, id);
    return 'delivered';
  }

  private addListenersOf(instance: object): void {
    const prototype = Object.getPrototypeOf(instance);
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const listener = prototype[method] as DurableListener;
      const action = Reflect.getMetadata(DURABLE_EVENT, listener) as string | undefined;
      if (action === undefined) continue;
      const name = `${instance.constructor.name}.${method}`;
      if (this.listeners.has(name)) throw new Error(`Two durable listeners are called ${name}.`);
      this.listeners.set(name, listener.bind(instance));
      this.namesByAction.set(action, [...(this.namesByAction.get(action) ?? []), name]);
    }
  }
}
