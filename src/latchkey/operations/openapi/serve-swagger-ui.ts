import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { serveDocument, servePage } from '../../platform/http/answers/served-document.js';

const { resolve } = createRequire(import.meta.url);
const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** What of the package the page needs. */
const FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': JAVASCRIPT,
  'swagger-ui-standalone-preset.js': JAVASCRIPT,
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Latchkey</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/swagger-ui-standalone-preset.js"></script>
    <script src="docs/initialise.js"></script>
  </body>
</html>
`;

const INITIALISE = `window.ui = SwaggerUIBundle({
  url: new URL('openapi.json', location.href).href,
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
});
`;

/** Serves Swagger UI at `/docs`, by addresses that hold below any path. */
export function serveSwaggerUi(server: FastifyInstance): void {
  servePage(server, '/docs', async () => ({ type: 'text/html; charset=utf-8', body: PAGE }));
  serveDocument(server, '/docs/initialise.js', async () => ({
    type: JAVASCRIPT,
    body: INITIALISE,
  }));
  const directory = dirname(resolve('swagger-ui-dist/package.json'));
  for (const [name, type] of Object.entries(FILES)) {
    serveDocument(server, `/docs/${name}`, async () => ({
      type,
      body: await readFile(join(directory, name)),
    }));
  }
}
