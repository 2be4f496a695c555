import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsObject, IsOptional } from 'class-validator';
import { IsLine, IsText, MayBeAbsent } from '../../../platform/http/validation/field.decorators.js';
import { type Delivery, IsDelivery } from '../../sign-in/sign-in.dto.js';
import { IsMailProof, MAX_NAME_LENGTH, type MailProofBody } from '../factors.dto.js';

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

/** For `PublicKeyCredential.signalAllAcceptedCredentials` and `signalCurrentUserDetails` (WebAuthn Level 3, section 5.1.10). */
export class PasskeySignalsView {
  @ApiProperty({ example: 'example.com' })
  rpId!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What authenticators know the account by. Null where it has never had a passkey.',
  })
  userId!: string | null;

  @ApiProperty({ example: 'ada@example.com' })
  name!: string;

  @ApiProperty({ example: 'Ada Lovelace' })
  displayName!: string;

  @ApiProperty({ type: [String], description: 'Of every passkey that the account has now.' })
  allAcceptedCredentialIds!: string[];
}

export class BeginPasskeyBody {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'For `navigator.credentials.create` with `mediation: "conditional"`, after a sign-in by password: the browser asks nobody, and so verifies nobody (WebAuthn Level 3, section 5.1.3). With PASSKEY_UPGRADE=on.',
  })
  @MayBeAbsent()
  @IsBoolean()
  upgrade: boolean = false;
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

  @IsMailProof()
  proof?: MailProofBody;
}

export class PasskeySignInBody extends CeremonyAnswer {
  @IsDelivery()
  delivery: Delivery = 'cookie';
}

export class RelatedOriginsView {
  @ApiProperty({ type: [String], example: ['https://example.com', 'https://example.co.uk'] })
  origins!: readonly string[];
}
