import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { MayBeAbsent } from '../../platform/http/validation/may-be-absent.js';

export const MAX_FORMER_SECRET_SECONDS = 604_800;

export class RotateClientSecretBody {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_FORMER_SECRET_SECONDS,
    default: 0,
    description:
      'For how long the former secret opens as well, until every instance of the service has the new one. With 0 the access tokens issued so far are refused, too.',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_FORMER_SECRET_SECONDS)
  formerValidSeconds: number = 0;
}
