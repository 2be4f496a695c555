import { Injectable } from '@nestjs/common';
import { IsOptional, IsUrl } from 'class-validator';
import { DataSource } from 'typeorm';
import {
  ConfigSlice,
  FromEnv,
  OneTimeSecrets,
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
  Undeliverable,
} from '../latchkey/index.js';
import { UserPhone } from './user-phone.entity.js';

/** Of the messages in the outbox. */
export const SMS_CODE_KIND = 'sms-code';

@ConfigSlice()
export class SmsConfig {
  /** Where messages are handed in, as JSON: `{ "to": "+49…", "text": "…" }`. */
  @FromEnv('SMS_GATEWAY_URL')
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  gatewayUrl?: string;
}

/** Computes the code when it is sent: none waits in a table. What it throws has it tried again. */
@Injectable()
export class SendSmsCode extends OutboxHandler {
  readonly kind = SMS_CODE_KIND;

  constructor(
    private readonly config: SmsConfig,
    private readonly dataSource: DataSource,
    private readonly oneTime: OneTimeSecrets,
  ) {
    super();
  }

  async deliver({ id, payload, signal }: OutboxDelivery): Promise<OutboxOutcome> {
    const secret = await this.oneTime.reveal(String(payload.secretId));
    if (secret === null) return 'dropped'; // nobody has the number, or the code is dead by now
    const phones = this.dataSource.getRepository(UserPhone);
    const phone = await phones.findOneBy({ id: String(secret.details.phoneId) });
    if (phone === null) return 'dropped';
    await this.send(phone.phone, `Your code is ${secret.code}`, id, signal);
    return 'delivered';
  }

  /** In the words of your provider of SMS. */
  private async send(to: string, text: string, id: string, signal: AbortSignal): Promise<void> {
    if (this.config.gatewayUrl === undefined) throw new Undeliverable('SMS_GATEWAY_URL is not set');
    const { status } = await fetch(this.config.gatewayUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
      body: JSON.stringify({ to, text }),
      signal,
    });
    if (status >= 300) throw new Error(`The SMS gateway answered ${status}`);
  }
}
