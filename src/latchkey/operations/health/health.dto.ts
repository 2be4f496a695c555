import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class Liveness {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

const PARTS = {
  type: 'object' as const,
  additionalProperties: {
    type: 'object',
    required: ['status'],
    properties: { status: { type: 'string', enum: ['up', 'down'] } },
  },
};

type Parts = Record<string, { readonly status: 'up' | 'down' }>;

/** As Terminus writes it; a stranger gets the status alone. */
export class Readiness {
  @ApiProperty({ enum: ['ok', 'error', 'shutting_down'] })
  status!: string;

  @ApiPropertyOptional({ ...PARTS, description: 'The parts that are up.' })
  info?: Parts;

  @ApiPropertyOptional({ ...PARTS, description: 'The parts that are down.' })
  error?: Parts;

  @ApiPropertyOptional({ ...PARTS, description: 'Every part.' })
  details?: Parts;
}
