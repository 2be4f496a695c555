import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ASSURANCE_LEVELS } from '../access/assurance.js';
import type { JwtAlgorithm } from '../access/verification/verification-keys.js';
import { PROMPTS } from './authorize/authorization-request.js';
import { CLIENT_KEY_ALGORITHMS } from './clients/public-jwks.js';
import { SCOPES } from './clients/scopes.js';
import { GRANT_TYPES } from './oauth.dto.js';

const AUTHENTICATED = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const SIGNED_BY = [...CLIENT_KEY_ALGORITHMS];

/** Of OpenID Connect Discovery 1.0 section 3, where `SINGLE_SIGN_ON` is on. */
class ProviderMetadata {
  @ApiPropertyOptional({ format: 'uri' })
  authorization_endpoint?: string;

  @ApiPropertyOptional({ format: 'uri', description: 'RFC 9126' })
  pushed_authorization_request_endpoint?: string;

  @ApiPropertyOptional({ format: 'uri', description: 'RFC 8628' })
  device_authorization_endpoint?: string;

  @ApiPropertyOptional({ description: 'A client may be registered to have to' })
  require_pushed_authorization_requests?: boolean;

  @ApiPropertyOptional({ format: 'uri' })
  userinfo_endpoint?: string;

  @ApiPropertyOptional({ format: 'uri', description: 'OpenID Connect RP-Initiated Logout 1.0' })
  end_session_endpoint?: string;

  @ApiPropertyOptional({ description: 'OpenID Connect Back-Channel Logout 1.0' })
  backchannel_logout_supported?: boolean;

  @ApiPropertyOptional({ description: 'A logout token has a `sid`, that of the ID token' })
  backchannel_logout_session_supported?: boolean;

  @ApiPropertyOptional({ type: [String], enum: SCOPES })
  scopes_supported?: string[];

  @ApiPropertyOptional({ type: [String] })
  response_modes_supported?: string[];

  @ApiPropertyOptional({ type: [String] })
  code_challenge_methods_supported?: string[];

  @ApiPropertyOptional({ type: [String] })
  subject_types_supported?: string[];

  @ApiPropertyOptional({ type: [String] })
  id_token_signing_alg_values_supported?: string[];

  @ApiPropertyOptional({ type: [String] })
  claims_supported?: string[];

  @ApiPropertyOptional({ type: [String] })
  acr_values_supported?: string[];

  @ApiPropertyOptional({ type: [String] })
  prompt_values_supported?: string[];

  @ApiPropertyOptional({ description: 'RFC 9207' })
  authorization_response_iss_parameter_supported?: boolean;

  @ApiPropertyOptional({ description: 'draft-ietf-oauth-client-id-metadata-document' })
  client_id_metadata_document_supported?: boolean;

  @ApiPropertyOptional({ format: 'uri', description: 'RFC 7591' })
  registration_endpoint?: string;

  @ApiPropertyOptional()
  claims_parameter_supported?: boolean;

  @ApiPropertyOptional()
  request_parameter_supported?: boolean;

  @ApiPropertyOptional({ description: 'False has to be said: absent, it means true' })
  request_uri_parameter_supported?: boolean;
}

export interface ServerFacts {
  readonly hasJwks: boolean;
  readonly hasDocumentation: boolean;
  readonly deploymentId: string;
  /** What ID tokens are signed by; null where there are none. */
  readonly signsBy: readonly JwtAlgorithm[] | null;
  /** Whether a `client_id` may be the address of a document. */
  readonly takesDocuments: boolean;
  /** Whether apps may register themselves. */
  readonly registersClients: boolean;
}

const OF_PEOPLE = ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'];
const CLAIMS = [
  ...['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid', 'at_hash'],
  ...['name', 'locale', 'email', 'email_verified', 'roles'],
];

/** RFC 8414 section 2: what there is, and nothing else. */
export class AuthorizationServerMetadata extends ProviderMetadata {
  @ApiProperty({ format: 'uri', description: 'As in the tokens, to the byte' })
  issuer!: string;

  @ApiProperty({ format: 'uri' })
  token_endpoint!: string;

  @ApiProperty({ type: [String] })
  token_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ type: [String], description: 'Of `private_key_jwt`' })
  token_endpoint_auth_signing_alg_values_supported!: string[];

  @ApiPropertyOptional({ format: 'uri', description: 'Not with HS256' })
  jwks_uri?: string;

  @ApiProperty({ type: [String], enum: GRANT_TYPES })
  grant_types_supported!: string[];

  @ApiProperty({ type: [String], description: 'None where there is no authorization endpoint' })
  response_types_supported!: string[];

  @ApiProperty({ format: 'uri' })
  introspection_endpoint!: string;

  @ApiProperty({ type: [String] })
  introspection_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ type: [String] })
  introspection_endpoint_auth_signing_alg_values_supported!: string[];

  @ApiProperty({ format: 'uri' })
  revocation_endpoint!: string;

  @ApiProperty({ type: [String] })
  revocation_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ type: [String] })
  revocation_endpoint_auth_signing_alg_values_supported!: string[];

  @ApiPropertyOptional({ format: 'uri', description: 'Where `API_DESCRIPTION` is on' })
  service_documentation?: string;

  @ApiProperty({
    format: 'uuid',
    description: 'What `latchkey/access` finds the revocations of this deployment by, in Redis',
  })
  latchkey_deployment_id!: string;

  static of(issuer: string, facts: ServerFacts): AuthorizationServerMetadata {
    const { hasJwks, hasDocumentation, deploymentId, signsBy } = facts;
    const base = issuer.replace(/\/$/, '');
    return {
      issuer,
      token_endpoint: `${base}/oauth/token`,
      token_endpoint_auth_methods_supported: [...AUTHENTICATED, 'none'],
      token_endpoint_auth_signing_alg_values_supported: SIGNED_BY,
      ...(hasJwks && { jwks_uri: `${base}/.well-known/jwks.json` }),
      grant_types_supported: GRANT_TYPES.filter(
        (type) => signsBy !== null || !OF_PEOPLE.includes(type),
      ),
      response_types_supported: signsBy === null ? [] : ['code'],
      ...(signsBy !== null && providerMetadata(base, signsBy)),
      ...(signsBy !== null &&
        facts.takesDocuments && { client_id_metadata_document_supported: true }),
      ...(signsBy !== null &&
        facts.registersClients && { registration_endpoint: `${base}/oauth/register` }),
      introspection_endpoint: `${base}/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: AUTHENTICATED,
      introspection_endpoint_auth_signing_alg_values_supported: SIGNED_BY,
      revocation_endpoint: `${base}/oauth/revoke`,
      revocation_endpoint_auth_methods_supported:
        signsBy === null ? AUTHENTICATED : [...AUTHENTICATED, 'none'],
      revocation_endpoint_auth_signing_alg_values_supported: SIGNED_BY,
      ...(hasDocumentation && { service_documentation: `${base}/docs` }),
      latchkey_deployment_id: deploymentId,
    };
  }
}

function providerMetadata(base: string, signsBy: readonly JwtAlgorithm[]): ProviderMetadata {
  return {
    authorization_endpoint: `${base}/oauth/authorize`,
    pushed_authorization_request_endpoint: `${base}/oauth/par`,
    device_authorization_endpoint: `${base}/oauth/device_authorization`,
    require_pushed_authorization_requests: false,
    userinfo_endpoint: `${base}/oauth/userinfo`,
    end_session_endpoint: `${base}/oauth/end-session`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    scopes_supported: [...SCOPES],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...signsBy],
    claims_supported: CLAIMS,
    acr_values_supported: [...ASSURANCE_LEVELS],
    prompt_values_supported: [...PROMPTS],
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
}
