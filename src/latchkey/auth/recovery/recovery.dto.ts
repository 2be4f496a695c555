import { ApiProperty } from '@nestjs/swagger';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.decorator.js';
import { ProofBody } from '../mail/mail-proof.dto.js';

export class StartedRecoveryView {
  @ApiProperty({ type: 'integer', description: 'How long the link is good, in seconds.' })
  expiresIn!: number;
}

export class CompleteRecoveryBody extends ProofBody {
  @ApiProperty({ ...PASSWORD_LIMITS, example: 'a crooked mile on a rainy day' })
  @IsPassword()
  newPassword!: string;
}
