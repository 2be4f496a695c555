import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AccessConfig } from '../access/access.config.js';
import { Public } from '../access/access.decorators.js';
import { requestErrors } from '../platform/errors/request.errors.js';
import { unlessKnown } from '../platform/http/answers/conditional-get.js';
import { Disclosure } from '../platform/http/disclosure/disclosure.js';
import { AnswersFromMemory, Throws } from '../platform/http/route.decorators.js';
import { DeploymentId } from '../platform/redis/deployment-id.js';
import { JWKS_MAX_AGE_SECONDS } from '../tokens/keys/rotation/publication-delay.js';
import { SigningKeys } from '../tokens/keys/signing-keys.js';
import { SingleSignOnConfig } from '../tokens/sessions/sso/single-sign-on.config.js';
import { OfSingleSignOn } from './authorize/of-single-sign-on.js';
import { ClientDocumentsConfig } from './clients/documents/client-documents.config.js';
import { RegistrationConfig } from './clients/registration/registration.config.js';
import { ClientTokenSigner } from './id-tokens/client-token-signer.js';
import { AuthorizationServerMetadata } from './metadata.dto.js';

const METADATA = 'oauth-authorization-server';

@ApiTags('Services')
@Controller('.well-known')
export class MetadataController {
  constructor(
    private readonly access: AccessConfig,
    private readonly keys: SigningKeys,
    private readonly deployment: DeploymentId,
    private readonly disclosure: Disclosure,
    private readonly singleSignOn: SingleSignOnConfig,
    private readonly signer: ClientTokenSigner,
    private readonly documents: ClientDocumentsConfig,
    private readonly registration: RegistrationConfig,
  ) {}

  @Get(METADATA)
  @Public()
  @AnswersFromMemory()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @ApiOperation({ summary: 'What OAuth libraries find the endpoints by (RFC 8414)' })
  @ApiOkResponse({ type: AuthorizationServerMetadata })
  metadata(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): AuthorizationServerMetadata | undefined {
    const hasJwks = this.keys.jwks().keys.length > 0;
    const facts = {
      hasJwks,
      hasDocumentation: this.disclosure.describesApi,
      deploymentId: this.deployment.value,
      takesDocuments: this.documents.isOn,
      registersClients: this.registration.isOn,
      signsBy: this.singleSignOn.isOn ? this.signer.algorithms : null,
    };
    return unlessKnown(reply, AuthorizationServerMetadata.of(this.access.issuer, facts));
  }

  /** The same document: two that could differ would one day. */
  @Get('openid-configuration')
  @Public()
  @AnswersFromMemory()
  @OfSingleSignOn()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @ApiOperation({ summary: 'The same, for OpenID Connect (Discovery 1.0)' })
  @ApiOkResponse({ type: AuthorizationServerMetadata })
  @Throws(requestErrors.notFound)
  openIdConfiguration(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): AuthorizationServerMetadata | undefined {
    return this.metadata(reply);
  }

  /** Of an issuer with a path, libraries ask for it here (RFC 8414 section 3.1). */
  @Get(`${METADATA}/*`)
  @Public()
  @AnswersFromMemory()
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @ApiExcludeEndpoint()
  metadataByPath(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): AuthorizationServerMetadata | undefined {
    const [asked] = reply.request.url.split('?');
    const path = new URL(this.access.issuer).pathname.replace(/\/$/, '');
    if (asked !== `/.well-known/${METADATA}${path}`) throw requestErrors.notFound();
    return this.metadata(reply);
  }
}
