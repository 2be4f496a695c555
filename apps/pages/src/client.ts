import { createClient } from '../../../src/latchkey/published/client/index.js';
import { createPasskeys } from '../../../src/latchkey/published/client/passkeys/index.js';
import { settings } from './settings.js';

/** Of every page. The refresh token is in its cookie; the access token is in memory. */
export const client = createClient({ baseUrl: '../', delivery: 'cookie' });
export const passkeys = createPasskeys(client);

/** Whether somebody can show or make one here. */
export const hasPasskeys = passkeys.supported && settings.passkeyOrigins.includes(location.origin);
