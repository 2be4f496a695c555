import { createClient } from '../../../src/latchkey/published/client/index.js';

/** Of every page. The refresh token is in its cookie; the access token is in memory. */
export const client = createClient({ baseUrl: '../', delivery: 'cookie' });
