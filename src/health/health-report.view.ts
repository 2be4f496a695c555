import { ApiProperty } from '@nestjs/swagger';

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

/** As Terminus writes it. */
export class Readiness {
  @ApiProperty({ enum: ['ok', 'error', 'shutting_down'] })
  status!: string;

  @ApiProperty({ ...PARTS, description: 'The parts that are up.' })
  info!: Parts;

  @ApiProperty({ ...PARTS, description: 'The parts that are down.' })
  error!: Parts;

  @ApiProperty({ ...PARTS, description: 'Every part.' })
  details!: Parts;
}
