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

export type Parts = Record<string, { readonly status: 'up' | 'down' }>;

/** As Terminus writes it. A stranger gets the status alone, and `ok` for `degraded`. */
export class Readiness {
  @ApiProperty({ enum: ['ok', 'degraded', 'error', 'shutting_down'] })
  status!: 'ok' | 'degraded' | 'error' | 'shutting_down';

  @ApiPropertyOptional({ ...PARTS, description: 'The parts that are up.' })
  info?: Parts;

  @ApiPropertyOptional({ ...PARTS, description: 'The parts that are down.' })
  error?: Parts;

  @ApiPropertyOptional({ ...PARTS, description: 'Every part.' })
  details?: Parts;
}
