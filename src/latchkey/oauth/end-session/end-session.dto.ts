import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsText } from '../../platform/http/validation/field.decorators.js';
import { ClientName } from '../consents/consents.dto.js';

const MAX_CARRIED_LENGTH = 16_000;

/** A request to sign out, as `/oauth/end-session` has handed it to the page. */
export class SignOutBody {
  @ApiProperty({
    minLength: 0,
    maxLength: MAX_CARRIED_LENGTH,
    example: 'client_id=019bd3c2-5a00-7000-8000-000000000000',
    description: 'What followed the `#`; empty where no app has asked.',
  })
  @IsText({ min: 0, max: MAX_CARRIED_LENGTH })
  request!: string;
}

/** What is to be asked before somebody is signed out. */
export class SignOutQuestion {
  @ApiPropertyOptional({ type: ClientName, description: 'Which app asks, if one has said so.' })
  client?: ClientName;

  @ApiPropertyOptional({
    example: 'ada@example.com',
    description: 'Who is signed in here. Absent: nobody, and there is nothing to ask.',
  })
  email?: string;

  @ApiPropertyOptional({ description: 'The app means somebody else than who is signed in.' })
  isAnother?: boolean;

  @ApiPropertyOptional({ description: 'Where the browser goes once nobody is signed in.' })
  goOn?: string;
}

export class SignedOut {
  @ApiPropertyOptional({
    description: 'Where the browser goes now: an address of the app. Absent: nowhere.',
  })
  goOn?: string;
}
