import { ApiProperty } from '@nestjs/swagger';

/** RFC 9126 section 2.2. */
export class PushedRequestResponse {
  @ApiProperty({ example: 'urn:ietf:params:oauth:request_uri:lko_…' })
  request_uri!: string;

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 60 })
  expires_in!: number;
}
