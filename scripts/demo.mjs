// Starts the backend as "npm start" does, with what makes /demo worth watching: access tokens of
// half a minute and an account that is there. Its data are its own, in .latchkey/demo.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const EMAIL = 'demo@example.com';
const PASSWORD = 'correct horse battery staple';
const MAIN = join(import.meta.dirname, '../dist/main.js');

if (process.env.NODE_ENV === 'production') {
  process.stderr.write('The demo has an account whose password is public: not in production.\n');
  process.exit(1);
}

const directory = join('.latchkey', 'demo');
mkdirSync(directory, { recursive: true });
const { DATABASE_URL: _database, REDIS_URL: _redis, APP_SECRETS: _secrets, ...env } = process.env;
const server = spawn(process.execPath, ['--max-semi-space-size=4', MAIN], {
  cwd: directory,
  env: {
    ACCESS_TOKEN_TTL_SECONDS: '30',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'text',
    // Safari takes no Secure cookie over http, from localhost neither.
    COOKIE_INSECURE: 'true',
    ...env,
    HOST: '127.0.0.1',
    BOOTSTRAP_ADMIN_EMAIL: EMAIL,
    BOOTSTRAP_ADMIN_PASSWORD: PASSWORD,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});

let output = '';
let told = false;
server.stdout.setEncoding('utf8').on('data', (text) => {
  process.stdout.write(text);
  output += text;
  if (told || !/Latchkey serves [\s\S]*\n\n$/.test(output)) return;
  told = true;
  process.stdout.write(`  Sign in with     ${EMAIL}\n                   ${PASSWORD}\n\n`);
});

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('close', (code) => process.exit(code ?? 1));
