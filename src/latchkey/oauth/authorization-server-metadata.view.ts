import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { GRANT_TYPES } from './token-request.form.js';

const WITH_SECRET = ['client_secret_basic', 'client_secret_post'];

/** RFC 8414 section 2: what there is, and nothing else. */
export class AuthorizationServerMetadata {
  @ApiProperty({ format: 'uri', description: 'As in the tokens, to the byte' })
  issuer!: string;

  @ApiProperty({ format: 'uri' })
  token_endpoint!: string;

  @ApiProperty({ type: [String] })
  token_endpoint_auth_methods_supported!: string[];

  @ApiPropertyOptional({ format: 'uri', description: 'Not with HS256' })
  jwks_uri?: string;

  @ApiProperty({ type: [String], enum: GRANT_TYPES })
  grant_types_supported!: string[];

  @ApiProperty({ type: [String], description: 'None: there is no authorization endpoint' })
  response_types_supported!: string[];

  @ApiProperty({ format: 'uri' })
  introspection_endpoint!: string;

  @ApiProperty({ type: [String] })
  introspection_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ format: 'uri' })
  revocation_endpoint!: string;

  @ApiProperty({ type: [String] })
  revocation_endpoint_auth_methods_supported!: string[];

  @ApiPropertyOptional({ format: 'uri', description: 'Where `API_DESCRIPTION` is on' })
  service_documentation?: string;

  @ApiProperty({
    format: 'uuid',
    description: 'What `latchkey/access` finds the revocations of this deployment by, in Redis',
  })
  latchkey_deployment_id!: string;

  static of(
    issuer: string,
    {
      hasJwks,
      hasDocumentation,
      deploymentId,
    }: { hasJwks: boolean; hasDocumentation: boolean; deploymentId: string },
  ): AuthorizationServerMetadata {
    const base = issuer.replace(/\/$/, '');
    return {
      issuer,
      token_endpoint: `${base}/oauth/token`,
      token_endpoint_auth_methods_supported: [...WITH_SECRET, 'none'],
      ...(hasJwks && { jwks_uri: `${base}/.well-known/jwks.json` }),
      grant_types_supported: [...GRANT_TYPES],
      response_types_supported: [],
      introspection_endpoint: `${base}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: WITH_SECRET,
      revocation_endpoint: `${base}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: WITH_SECRET,
      ...(hasDocumentation && { service_documentation: `${base}/docs` }),
      latchkey_deployment_id: deploymentId,
    };
  }
}
