import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { MayBeAbsent } from '../../platform/http/validation/may-be-absent.js';

export class RotateKeysBody {
  @ApiPropertyOptional({
    default: false,
    description: 'Also when verifiers may not know the next key yet.',
  })
  @MayBeAbsent()
  @IsBoolean()
  force: boolean = false;
}
