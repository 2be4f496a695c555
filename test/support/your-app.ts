import { AppModule } from '../../src/app.module.js';
import type { Environment } from '../../src/latchkey/platform/config/load-config.js';
import { ownSources } from '../../src/latchkey/platform/database/database-location.js';
import { startTestApp } from './test-app.js';

/** Your application: Latchkey and your features, with their entities and migrations, on stores of its own. */
export function startYourApp(env?: Environment) {
  return startTestApp(env, { module: AppModule, sourceRoots: [ownSources] });
}
