import { ApiProperty } from '@nestjs/swagger';
import { IsEmailAddress, MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsText } from '../../platform/http/validation/field.decorators.js';

export class RequestEmailChangeBody {
  @ApiProperty({ format: 'email', example: 'lovelace@example.com', maxLength: MAX_EMAIL_LENGTH })
  @IsText({ min: 3, max: MAX_EMAIL_LENGTH })
  @IsEmailAddress()
  newEmail!: string;
}
