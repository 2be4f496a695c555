import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsOptional, MaxLength } from 'class-validator';
import { IsText } from '../../platform/http/validation/field.decorators.js';
import { AskedResource, ClientName } from '../consents/consents.dto.js';
import { ClientForm } from '../oauth.dto.js';

const MAX_TYPED_LENGTH = 40;

/** RFC 8628 section 3.1. */
export class DeviceAuthorizationForm extends ClientForm {
  @ApiProperty({ maxLength: 1000, example: 'openid offline_access' })
  @IsOptional()
  @MaxLength(1000)
  scope?: string;

  @ApiPropertyOptional({ type: [String], description: 'Whom the tokens are for (RFC 8707).' })
  @IsOptional()
  @IsArray()
  resource?: string[];
}

/** RFC 8628 section 3.2. */
export class DeviceAuthorizationResponse {
  @ApiProperty({ description: 'For the device alone.' })
  device_code!: string;

  @ApiProperty({ example: 'WDJB-MJHT', description: 'For the person to type.' })
  user_code!: string;

  @ApiProperty({ format: 'uri', description: 'Where they go, on whatever has a browser.' })
  verification_uri!: string;

  @ApiProperty({ format: 'uri', description: 'The same with the code in it, for a QR code.' })
  verification_uri_complete!: string;

  @ApiProperty({ type: 'integer', example: 600, description: 'Seconds' })
  expires_in!: number;

  @ApiProperty({ type: 'integer', example: 5, description: 'Seconds between two questions' })
  interval!: number;
}

export class UserCodeBody {
  @ApiProperty({ minLength: 1, maxLength: MAX_TYPED_LENGTH, example: 'WDJB-MJHT' })
  @IsText({ min: 1, max: MAX_TYPED_LENGTH })
  userCode!: string;
}

/** Which device asks, and for what. */
export class DeviceQuestion {
  @ApiProperty({ type: ClientName })
  client!: ClientName;

  @ApiProperty({ type: [String], example: ['openid', 'offline_access'] })
  scopes!: readonly string[];

  @ApiPropertyOptional({ type: AskedResource })
  resource?: AskedResource;
}
