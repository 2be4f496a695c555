import { defineErrors } from '../../../platform/errors/define-errors.js';

/** What follows the dot is the `error` of RFC 7591 section 3.2.2. */
export const registrationErrors = defineErrors({
  invalidRedirectUri: {
    code: 'oauth.invalid_redirect_uri',
    status: 400,
    title: 'The redirect URIs are none that an app can be registered with.',
    remedy:
      'Send `redirect_uris`, one to twenty: https, http on this machine alone, or a scheme such as `com.example.app`; without a fragment.',
  },
  invalidClientMetadata: {
    code: 'oauth.invalid_client_metadata',
    status: 400,
    title: 'What the app says of itself asks for something that is not to be had by registering.',
    remedy:
      'Register as a public client that signs in by code, or have an administrator register the app (docs/agents.md).',
  },
});
