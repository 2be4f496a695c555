import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { ProofBody } from '../mail/mail-proof.dto.js';
import { type Delivery, IsDelivery } from '../sign-in/sign-in.dto.js';
import type { ExternalProvider } from './external-provider.js';
import { MAX_RETURN_TO_LENGTH } from './return-addresses.js';

const MAX_SECRET_LENGTH = 100;
/** Those of providers with many claims have 4 KB. */
const MAX_ID_TOKEN_LENGTH = 7_000;
const MAX_NONCE_LENGTH = 255;

export class ExternalProviderView {
  @ApiProperty({ example: 'google', description: 'In addresses: `/auth/external/google/start`.' })
  id!: string;

  @ApiProperty({ example: 'Google', description: 'For the button.' })
  name!: string;
}

export class ExternalProviderList {
  @ApiProperty({ type: [ExternalProviderView] })
  items!: ExternalProviderView[];

  static of(providers: readonly ExternalProvider[]): ExternalProviderList {
    return { items: providers.map(({ id, name }) => ({ id, name })) };
  }
}

export class ExternalStartQuery {
  @ApiPropertyOptional({
    maxLength: MAX_RETURN_TO_LENGTH,
    example: '/app',
    description:
      'Where the browser goes on: a path of this server, or one of EXTERNAL_RETURN_URLS. Absent: the page of the own account.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_RETURN_TO_LENGTH })
  returnTo?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_SECRET_LENGTH,
    description:
      'To add the identity to one’s account: the `ticket` of `POST /auth/external/:provider/link`, in the same browser.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_SECRET_LENGTH })
  link?: string;

  @ApiPropertyOptional({
    enum: ['true'],
    description:
      'Where a fresh sign-in is asked for: the provider is told how long ago it may be (`max_age`, FRESH_SIGN_IN_SECONDS).',
  })
  @MayBeAbsent()
  @IsIn(['true'], { message: 'fresh must be true, or be left out' })
  fresh?: 'true';
}

/** What a provider answers by a form (OAuth 2.0 Form Post Response Mode). */
export class ExternalFormAnswer {
  @ApiPropertyOptional()
  code?: string;

  @ApiPropertyOptional()
  state?: string;

  @ApiPropertyOptional()
  iss?: string;

  @ApiPropertyOptional()
  error?: string;

  @ApiPropertyOptional({ description: 'Of Apple, at the first sign-in: JSON with the name.' })
  user?: string;
}

export class LinkTicketView {
  @ApiProperty({ example: 'lko_…', description: 'For `link` of the start, once.' })
  ticket!: string;

  @ApiProperty({ type: 'integer', example: 120, description: 'Seconds.' })
  expiresIn!: number;
}

export class ExternalTokenBody {
  @ApiProperty({
    minLength: 1,
    maxLength: MAX_ID_TOKEN_LENGTH,
    example: 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    description: 'That the app has got from the provider’s own library.',
  })
  @IsText({ min: 1, max: MAX_ID_TOKEN_LENGTH })
  idToken!: string;

  @ApiProperty({
    minLength: 16,
    maxLength: MAX_NONCE_LENGTH,
    example: 'n-0S6_WzA2Mj-and-more-of-it',
    description:
      'A random text, whose SHA-256, in hexadecimal or base64url, the app gave the provider for `nonce`.',
  })
  @IsText({ min: 16, max: MAX_NONCE_LENGTH })
  nonce!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}

export class ProveOwnerBody extends ProofBody {
  @IsDelivery()
  delivery: Delivery = 'cookie';
}

export class AddIdentityBody {
  @ApiProperty({
    minLength: 1,
    maxLength: MAX_SECRET_LENGTH,
    example: 'lkt_…',
    description: 'Of `auth.external_proof_required`, in the client that was answered so.',
  })
  @IsText({ min: 1, max: MAX_SECRET_LENGTH })
  ticket!: string;
}
