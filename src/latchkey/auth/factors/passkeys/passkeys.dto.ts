import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';
import { IsLine, IsText } from '../../../platform/http/validation/field.decorators.js';
import { type Delivery, IsDelivery } from '../../sign-in/sign-in.dto.js';
import { MAX_NAME_LENGTH } from '../factors.dto.js';

const MAX_CHALLENGE_LENGTH = 200;

/** What begins a ceremony of WebAuthn. */
export class CeremonyView {
  @ApiProperty({ description: 'To be sent back with what the browser answers. Good once.' })
  challenge!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` (WebAuthn Level 3, section 5.1).',
  })
  publicKey!: Record<string, unknown>;
}

class CeremonyAnswer {
  @ApiProperty({
    minLength: 1,
    maxLength: MAX_CHALLENGE_LENGTH,
    example: 'lko_…',
    description: 'Of the answer that began the ceremony.',
  })
  @IsText({ min: 1, max: MAX_CHALLENGE_LENGTH })
  challenge!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: {},
    description: 'What the browser answered: `credential.toJSON()`.',
  })
  @IsObject()
  credential!: Record<string, unknown>;
}

export class RegisterPasskeyBody extends CeremonyAnswer {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    example: 'My laptop',
  })
  @IsOptional()
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;
}

export class PasskeySignInBody extends CeremonyAnswer {
  @IsDelivery()
  delivery: Delivery = 'cookie';
}

export class RelatedOriginsView {
  @ApiProperty({ type: [String], example: ['https://example.com', 'https://example.co.uk'] })
  origins!: readonly string[];
}
