import { ApiPropertyOptional } from '@nestjs/swagger';
import { UserProfile } from '../../users/accounts/user-profile.js';

export class Registered {
  @ApiPropertyOptional({
    type: UserProfile,
    description: 'Absent where registration must not tell which addresses are known.',
  })
  user?: UserProfile;
}
