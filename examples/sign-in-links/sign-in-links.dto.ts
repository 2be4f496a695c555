import { ApiProperty } from '@nestjs/swagger';
import { type Delivery, IsDelivery, IsText } from '../latchkey/index.js';

export class RedeemLinkBody {
  @ApiProperty({ example: 'lko_…', minLength: 1, maxLength: 200 })
  @IsText({ min: 1, max: 200 })
  token!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}

export class IssuedLink {
  @ApiProperty({ example: 'lko_…', description: 'Lead to `https://your.app/enter#<token>`.' })
  token!: string;

  @ApiProperty({ type: 'integer', example: 900, description: 'In seconds' })
  expiresIn!: number;
}
