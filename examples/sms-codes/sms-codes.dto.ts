import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { type Delivery, IsDelivery, IsText } from '../latchkey/index.js';

export class AskForCodeBody {
  @ApiProperty({ example: '+4915112345678', pattern: '^\\+[1-9][0-9]{6,14}$' })
  @Matches(/^\+[1-9][0-9]{6,14}$/)
  phone!: string;
}

/** The same whether or not the number is known. */
export class AskedForCode {
  @ApiProperty({ example: 'lkt_…', description: 'What the code is good together with.' })
  ticket!: string;

  @ApiProperty({ type: 'integer', example: 600, description: 'In seconds' })
  expiresIn!: number;
}

export class RedeemCodeBody {
  @ApiProperty({ example: 'lkt_…', minLength: 1, maxLength: 200 })
  @IsText({ min: 1, max: 200 })
  ticket!: string;

  @ApiProperty({
    example: '7K2M-XQ4D',
    minLength: 1,
    maxLength: 20,
    description: 'Also in small letters and without the dash.',
  })
  @IsText({ min: 1, max: 20 })
  code!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}
