import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import { IsLine, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { MAX_AUDIENCE_LENGTH } from '../../tokens/access-tokens/access-token-size.js';
import { IsResourceIdentifier } from './resource-identifier.js';
import { IsScopeName, RESOURCE_SCOPE_NAME } from './resource-scope-name.js';
import type { ResourceRow } from './resource-store.js';

const MAX_NAME_LENGTH = 100;
const MAX_DESCRIPTION_LENGTH = 200;
const MAX_SCOPES = 50;

export class ResourceScopeBody {
  @ApiProperty({ pattern: RESOURCE_SCOPE_NAME.source, example: 'orders:read' })
  @IsScopeName()
  name!: string;

  @ApiProperty({
    minLength: 1,
    maxLength: MAX_DESCRIPTION_LENGTH,
    example: 'See your orders',
    description: 'What the consent page says that the app may.',
  })
  @IsLine({ min: 1, max: MAX_DESCRIPTION_LENGTH })
  description!: string;
}

function IsScopes(): PropertyDecorator {
  return applyDecorators(
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAX_SCOPES),
    ArrayUnique((scope: unknown) => Object(scope).name),
    ValidateNested({ each: true }),
    Type(() => ResourceScopeBody),
  );
}

const SCOPES: ApiPropertyOptions = {
  type: [ResourceScopeBody],
  minItems: 1,
  maxItems: MAX_SCOPES,
  example: [{ name: 'orders:read', description: 'See your orders' }],
  description: 'What can be done there. A name belongs to one resource.',
};

const CLIENT_ID = {
  type: String,
  format: 'uuid',
  nullable: true,
  description: 'The client of the service itself: it may introspect the tokens that are for it.',
} as const;

export class CreateResourceBody {
  @ApiProperty({
    maxLength: MAX_AUDIENCE_LENGTH,
    example: 'https://orders.example.com',
    description: 'The `aud` of its tokens, compared to the letter. It never changes.',
  })
  @IsResourceIdentifier()
  identifier!: string;

  @ApiProperty({ minLength: 1, maxLength: MAX_NAME_LENGTH, example: 'Orders' })
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name!: string;

  @ApiProperty(SCOPES)
  @IsScopes()
  scopes!: ResourceScopeBody[];

  @ApiPropertyOptional({ ...CLIENT_ID, example: null })
  @IsOptional()
  @IsUUID()
  clientId?: string | null;
}

/** What is absent stays as it is. */
export class ChangeResourceBody {
  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_NAME_LENGTH, example: 'Orders' })
  @MayBeAbsent()
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string;

  @ApiPropertyOptional({
    ...SCOPES,
    description: 'Every scope that it is to have: those not named are taken away at once.',
  })
  @MayBeAbsent()
  @IsScopes()
  scopes?: ResourceScopeBody[];

  @ApiPropertyOptional({ ...CLIENT_ID, example: null })
  @IsOptional()
  @IsUUID()
  clientId?: string | null;
}

export class ResourceView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'https://orders.example.com' })
  identifier!: string;

  @ApiProperty({ example: 'Orders' })
  name!: string;

  @ApiProperty({ type: [ResourceScopeBody] })
  scopes!: ResourceScopeBody[];

  @ApiProperty(CLIENT_ID)
  clientId!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  static of({ createdAt, ...row }: ResourceRow): ResourceView {
    return { ...row, createdAt: createdAt.toISOString() };
  }
}
