import { ApiProperty } from '@nestjs/swagger';
import { CLIENT_STATUSES, type ClientStatus } from './oauth-client.entity.js';

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
}

export class ClientWithSecret extends ClientView {
  @ApiProperty({ description: '`client_secret`. Keep it now: it is stored only as a hash.' })
  secret!: string;
}
