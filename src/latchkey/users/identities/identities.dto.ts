import { ApiProperty } from '@nestjs/swagger';
import type { Identity } from './identity-store.js';

/** What an account is known as at a provider. */
export class IdentityView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'google', description: 'As it was called when it was used last.' })
  provider!: string;

  @ApiProperty({ example: 'https://accounts.google.com' })
  issuer!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'ada@example.com',
    description: 'What the provider named last. It proves nothing.',
  })
  email!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastUsedAt!: string | null;

  static of({ id, provider, issuer, email, createdAt, lastUsedAt }: Identity): IdentityView {
    const times = {
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    };
    return { id, provider, issuer, email, ...times };
  }
}

export class IdentityList {
  @ApiProperty({ type: [IdentityView] })
  items!: IdentityView[];

  static of(identities: readonly Identity[]): IdentityList {
    return { items: identities.map(IdentityView.of) };
  }
}
