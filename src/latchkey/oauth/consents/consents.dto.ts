import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import type { Question, WayOn } from '../authorize/answer-question.js';
import type { AuthorizationRequest } from '../authorize/authorization-request.js';
import { isLoopback } from '../clients/redirect-uri.js';
import { SCOPES } from '../clients/scopes.js';

const MAX_SEALED_LENGTH = 16_000;

/** A request of an app, as the authorization endpoint has handed it to the page. */
export class AppRequestBody {
  @ApiProperty({ minLength: 1, maxLength: MAX_SEALED_LENGTH, example: 'c2VhbGVkLXJlcXVlc3Q' })
  @IsText({ min: 1, max: MAX_SEALED_LENGTH })
  request!: string;
}

export const QUESTIONS = ['choice', 'consent'] as const;

/** A yes, and to what. */
export class AppAgreementBody extends AppRequestBody {
  @ApiPropertyOptional({
    enum: QUESTIONS,
    description:
      'What the caller was asked, if the page knows: a yes to `choice` grants nothing that has been withdrawn meanwhile.',
  })
  @MayBeAbsent()
  @IsIn(QUESTIONS)
  what?: (typeof QUESTIONS)[number];
}

export class ClientName {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'Shop' })
  name!: string;
}

export class AskedScope {
  @ApiProperty({ example: 'orders:read' })
  name!: string;

  @ApiProperty({ example: 'See your orders' })
  description!: string;
}

/** A service that the app wants tokens for. */
export class AskedResource {
  @ApiProperty({ example: 'https://orders.example.com' })
  identifier!: string;

  @ApiProperty({ example: 'Orders' })
  name!: string;

  @ApiProperty({ type: [AskedScope], description: 'Those of its scopes that are asked for.' })
  scopes!: AskedScope[];

  /** Undefined: the tokens are for this server. */
  static of({
    client,
    scope,
  }: Pick<AuthorizationRequest, 'client' | 'scope'>): AskedResource | undefined {
    const asked = client.resourceScopes.filter(({ name }) => scope.includes(name));
    const [first] = asked;
    if (first === undefined) return undefined;
    const scopes = asked.map(({ name, description }) => ({ name, description }));
    return { ...first.resource, scopes };
  }
}

/** What is to be asked, or where the browser is to go. */
export class AppQuestion {
  @ApiPropertyOptional({
    description: 'Nothing is to be asked: go there. An address of this server or of the app.',
  })
  goOn?: string;

  @ApiPropertyOptional({
    enum: QUESTIONS,
    description: '`consent`: whether the app may. `choice`: whether it is this account.',
  })
  what?: 'choice' | 'consent';

  @ApiPropertyOptional({ type: ClientName })
  client?: ClientName;

  @ApiPropertyOptional({
    type: [String],
    example: ['openid', 'orders:read'],
    description: `What it asks for: ${SCOPES.map((name) => `\`${name}\``).join(', ')}, and scopes of \`resource\`.`,
  })
  scopes?: readonly string[];

  @ApiPropertyOptional({ type: AskedResource, description: 'Whom the tokens are for.' })
  resource?: AskedResource;
  @ApiPropertyOptional({
    description: 'The host that says who the app is, where nobody has registered it here.',
    example: 'agent.example.com',
  })
  comesFrom?: string;

  @ApiPropertyOptional({
    description: 'The app has registered itself: its name is what it says.',
  })
  hasRegisteredItself?: boolean;

  @ApiPropertyOptional({ description: 'Where the answer goes.', example: 'shop.example.com' })
  answerGoesTo?: string;

  @ApiPropertyOptional({ description: 'It goes to a program on the machine of the browser.' })
  staysOnDevice?: boolean;

  static of(asked: Question | WayOn): AppQuestion {
    if ('goOn' in asked) return asked;
    const { client, scope, redirectUri } = asked.request;
    const { host, protocol } = new URL(redirectUri);
    const resource = AskedResource.of(asked.request);
    return {
      what: asked.what,
      client: { id: client.id, name: client.name },
      scopes: scope,
      ...(resource !== undefined && { resource }),
      ...(client.metadataUri !== null && { comesFrom: new URL(client.metadataUri).host }),
      ...(client.selfRegistered && { hasRegisteredItself: true }),
      answerGoesTo: host === '' ? protocol.slice(0, -1) : host,
      staysOnDevice: isLoopback(redirectUri) || !/^https?:$/.test(protocol),
    };
  }
}

export class AppAnswer {
  @ApiProperty({ description: 'Where the browser is to go now.' })
  goOn!: string;
}

/** An app that a user has let in. */
export class ConsentView {
  @ApiProperty({ type: ClientName })
  client!: ClientName;

  @ApiProperty({ type: [String], example: ['openid', 'email'] })
  scopes!: string[];

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When more was last granted.' })
  updatedAt!: string;
}

export class ConsentList {
  @ApiProperty({ type: [ConsentView] })
  items!: ConsentView[];
}

export class WithdrawConsentQuery {
  @ApiPropertyOptional({ maxLength: 500, description: 'Kept in the audit trail.' })
  @MayBeAbsent()
  @IsText({ max: 500 })
  reason?: string;
}
