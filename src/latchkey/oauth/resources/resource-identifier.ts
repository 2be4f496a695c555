import { ValidateBy } from 'class-validator';
import { MAX_AUDIENCE_LENGTH } from '../../tokens/access-tokens/access-token-size.js';

const PLAIN = /^[!-~]+$/;

/** RFC 8707 section 2: an absolute URI without a fragment. Those of a service on the web, or a URN. */
export function isResourceIdentifier(text: string): boolean {
  if (text.length > MAX_AUDIENCE_LENGTH || !PLAIN.test(text) || /[\\#"]/.test(text)) return false;
  return /^(?:https?:\/\/[^/]|urn:[a-z0-9])/.test(text) && URL.canParse(text);
}

export function IsResourceIdentifier(): PropertyDecorator {
  return ValidateBy({
    name: 'isResourceIdentifier',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isResourceIdentifier(value),
      defaultMessage: () =>
        `$property must be an address such as https://orders.example.com or a URN, without a fragment, of at most ${MAX_AUDIENCE_LENGTH} characters`,
    },
  });
}
