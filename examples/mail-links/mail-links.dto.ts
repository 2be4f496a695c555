import { ApiProperty } from '@nestjs/swagger';
import { type Delivery, IsDelivery, IsText } from '../latchkey/index.js';

export class AskForLinkBody {
  @ApiProperty({ example: 'ada@example.com', minLength: 1, maxLength: 254 })
  @IsText({ min: 1, max: 254 })
  email!: string;
}

/** The same whether or not the address is known. */
export class AskedForLink {
  @ApiProperty({ type: 'integer', example: 900, description: 'In seconds' })
  expiresIn!: number;
}

export class RedeemLinkBody {
  @ApiProperty({ example: 'lko_…', minLength: 1, maxLength: 200 })
  @IsText({ min: 1, max: 200 })
  token!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}
