import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { IsEmailAddress, MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import type { IssuedSecret } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';

const MAX_PROOF_LENGTH = 100;

/** What somebody shows of a mail: the token of its link, or its code and the ticket of who asked. */
export class ProofBody {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_PROOF_LENGTH,
    description: 'What comes after `#` in the link of the mail. Without it `ticket` and `code`.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_PROOF_LENGTH })
  token?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_PROOF_LENGTH,
    description: 'What the client got when it asked.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_PROOF_LENGTH })
  ticket?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_PROOF_LENGTH,
    description: 'Of the mail, in any case, with or without the dash.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_PROOF_LENGTH })
  code?: string;

  /** @throws LatchkeyError `request.invalid` naming what is missing of it */
  static proofOf({ token, ticket, code }: ProofBody): Proof {
    if (token !== undefined) return { token };
    if (ticket !== undefined && code !== undefined) return { ticket, code };
    if (ticket !== undefined) throw missing('code', 'code must come with ticket');
    if (code !== undefined) throw missing('ticket', 'ticket must come with code');
    throw missing('token', 'token, or ticket and code, must be given');
  }
}

/** What is in the link of a mail, where the mail has no code. */
export class LinkBody {
  @ApiProperty({
    minLength: 1,
    maxLength: MAX_PROOF_LENGTH,
    example: 'lko_…',
    description: 'What comes after `#` in the link of the mail.',
  })
  @IsText({ min: 1, max: MAX_PROOF_LENGTH })
  token!: string;
}

function missing(field: string, message: string): LatchkeyError {
  return requestErrors.invalid({ fields: [{ field, message }] });
}

/** Whom a mail is asked for. */
export class RequestMailBody {
  @ApiProperty({ format: 'email', example: 'ada@example.com', maxLength: MAX_EMAIL_LENGTH })
  @IsText({ min: 3, max: MAX_EMAIL_LENGTH })
  @IsEmailAddress()
  email!: string;
}

/** The same for every address, known or not. */
export class RequestedView {
  @ApiProperty({ description: 'For the client that asked: it is shown with the code of the mail.' })
  ticket!: string;

  @ApiProperty({ type: 'integer', description: 'How long link and code are good, in seconds.' })
  expiresIn!: number;

  static of({ ticket, expiresInSeconds }: IssuedSecret): RequestedView {
    return { ticket, expiresIn: expiresInSeconds };
  }
}
