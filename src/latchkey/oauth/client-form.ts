import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, MaxLength } from 'class-validator';

export const MISSING_OR_TOO_LONG = '$property is missing or too long';

/** How a client may say who it is, where it does not by HTTP Basic. */
export class ClientForm {
  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @MaxLength(200)
  client_id?: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @MaxLength(200)
  client_secret?: string;
}
