import {
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { ConfigSlice, FromEnv } from '../config/config-slice.js';
import { readPlainAddress } from '../http/validation/email-address.js';

const MAIL_URL = /^smtps?:\/\/(?:[^@/\s]+@)?[^@/\s]+\/?$/;
const NAMED = /^\s*(?:"?([^"<>\r\n]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))\s*$/;

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

@ConfigSlice()
export class MailConfig {
  /**
   * `smtp://` (TLS by STARTTLS, demanded of every server but one on this machine) or `smtps://`. Unset:
   * outside production `/dev/mail` shows what would have been sent; in it no mail is sent.
   */
  @FromEnv('MAIL_URL')
  @IsOptional()
  @Matches(MAIL_URL, {
    message: 'MAIL_URL must look like smtps://user:password@host:465 or smtp://host:587',
  })
  url?: string;

  @FromEnv('MAIL_FROM')
  @ValidateBy(
    { name: 'isMailbox', validator: { validate: (value) => readMailbox(String(value)) !== null } },
    {
      message:
        'MAIL_FROM must be an address, or a name and an address: Acme <no-reply@acme.example>',
    },
  )
  from: string = 'Latchkey <no-reply@localhost>';

  /**
   * What one mailbox is sent in an hour of what anybody may ask for, for all purposes and senders together,
   * and as much again of what the account itself brings about. The rest waits.
   */
  @FromEnv('MAIL_PER_HOUR')
  @IsInt()
  @Min(1)
  @Max(1_000)
  perHour: number = 10;

  /** What mails call the product. */
  @FromEnv('BRAND_NAME')
  @IsString()
  @Length(1, 100)
  brandName: string = 'Latchkey';

  get sender(): Mailbox {
    return readMailbox(this.from) ?? { name: '', address: this.from };
  }
}

function readMailbox(text: string): Mailbox | null {
  const [, name = '', named, alone] = NAMED.exec(text) ?? [];
  const address = named ?? alone ?? '';
  const usable = address === 'no-reply@localhost' || readPlainAddress(address) !== null;
  return usable ? { name, address } : null;
}
