import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { IsLine, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsRoleName } from '../../roles/role-name.js';
import type { ClientRow } from './client-store.js';
import { CLIENT_STATUSES, type ClientStatus } from './oauth-client.entity.js';

export const MAX_CLIENT_NAME_LENGTH = 100;
export const MAX_ROLES_PER_CLIENT = 100;

export class CreateClientBody {
  @ApiProperty({ minLength: 1, maxLength: MAX_CLIENT_NAME_LENGTH, example: 'billing' })
  @IsLine({ min: 1, max: MAX_CLIENT_NAME_LENGTH })
  name!: string;

  @ApiProperty({
    type: [String],
    maxItems: MAX_ROLES_PER_CLIENT,
    example: [],
    description: 'What its own access tokens say, among the roles that the caller holds.',
  })
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_CLIENT)
  @IsRoleName({ each: true })
  roles!: string[];
}

export class ChangeClientBody {
  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_CLIENT_NAME_LENGTH, example: 'billing' })
  @MayBeAbsent()
  @IsLine({ min: 1, max: MAX_CLIENT_NAME_LENGTH })
  name?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_ROLES_PER_CLIENT,
    example: [],
    description: 'Every role that it is to hold: those not named are taken away.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_CLIENT)
  @IsRoleName({ each: true })
  roles?: string[];

  @ApiPropertyOptional({ enum: CLIENT_STATUSES, example: 'active' })
  @MayBeAbsent()
  @IsIn(CLIENT_STATUSES)
  status?: ClientStatus;
}

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

/** A client as admins see it: its secret is told once, when it is made. */
export class ClientView {
  @ApiProperty({ format: 'uuid', description: '`client_id`' })
  id!: string;

  @ApiProperty({ example: 'billing' })
  name!: string;

  @ApiProperty({ enum: CLIENT_STATUSES })
  status!: ClientStatus;

  @ApiProperty({ type: [String], example: ['auditor'] })
  roles!: string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when the secret before the last one opens as well.',
  })
  formerSecretUntil!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  static of({ createdAt, formerSecretUntil, ...row }: ClientRow): ClientView {
    return {
      ...row,
      formerSecretUntil: formerSecretUntil?.toISOString() ?? null,
      createdAt: createdAt.toISOString(),
    };
  }
}

export class ClientWithSecret extends ClientView {
  @ApiProperty({ description: '`client_secret`. Keep it now: it is stored only as a hash.' })
  secret!: string;
}
