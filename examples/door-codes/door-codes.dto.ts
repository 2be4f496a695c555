import { ApiProperty } from '@nestjs/swagger';
import { type Delivery, IsDelivery, IsText } from '../latchkey/index.js';

export class EnterBody {
  @ApiProperty({ example: 'ada@example.com', minLength: 1, maxLength: 254 })
  @IsText({ min: 1, max: 254 })
  email!: string;

  @ApiProperty({ example: '3f9c2b7a10d4e586', minLength: 1, maxLength: 64 })
  @IsText({ min: 1, max: 64 })
  code!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}

export class IssuedDoorCode {
  @ApiProperty({ example: '3f9c2b7a10d4e586', description: 'It is shown once.' })
  code!: string;

  @ApiProperty({ format: 'date-time' })
  validUntil!: string;
}
