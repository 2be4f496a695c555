// Makes a feature of your own from examples/notes: `npm run feature <name>`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const EXAMPLE = 'examples/notes';
const APP_MODULE = 'src/app.module.ts';
const USAGE = `Usage: npm run feature <name> [one]

  Makes src/<name> from examples/notes with everything renamed, a test in test/app, and the line in
  src/app.module.ts.

  <name>  what there are several of, one word in lower case: invoices
  [one]   what one of them is called, where leaving out the "s" is wrong: people person
`;

const [name, one = oneOf(name ?? ''), ...more] = process.argv.slice(2);
if (name === '--help') end(USAGE, 0);
if (![name, one].every((word) => /^[a-z][a-z0-9]*$/.test(word ?? '')) || more.length > 0) {
  end(USAGE, 2);
}
if (one === name) end(`Say what one of the ${name} is called: npm run feature ${name} <one>\n`, 2);
const folder = join('src', name);
const test = join('test/app', `${name}.test.ts`);
const there = [folder, test].find((path) => existsSync(path));
if (there !== undefined) end(`${there} is there already: choose another name, or remove it.\n`, 1);

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const NEW_WORDS = {
  1800000000000: String(Date.now()),
  NOTES: name.toUpperCase(),
  Notes: capital(name),
  notes: name,
  NOTE: one.toUpperCase(),
  Note: capital(one),
  note: one,
};
const OLD_WORDS = new RegExp(Object.keys(NEW_WORDS).sort().reverse().join('|'), 'g');
const AN = /^[aeiou]/.test(one) ? 'an' : 'a';
const renamed = (text) =>
  text
    .replaceAll(/\b([Aa]) (?=note\b)/g, (_, a) => `${a}${AN.slice(1)} `)
    .replaceAll(OLD_WORDS, (word) => NEW_WORDS[word]);

const made = readdirSync(EXAMPLE, { recursive: true })
  .filter((entry) => statSync(join(EXAMPLE, entry)).isFile())
  .map((entry) => {
    const target = entry.endsWith('.test.ts') ? test : join(folder, renamed(entry));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, renamed(readFileSync(join(EXAMPLE, entry), 'utf8')));
    return target;
  });
writeFileSync(APP_MODULE, withModule(readFileSync(APP_MODULE, 'utf8')));
// Longer and shorter names break lines elsewhere.
const biome = 'node_modules/@biomejs/biome/bin/biome';
spawnSync(process.execPath, [biome, 'check', '--write', ...made, APP_MODULE], { stdio: 'ignore' });

process.stdout.write(`Made
${made.map((path) => `  ${path}`).join('\n')}
and entered ${capital(name)}Module into ${APP_MODULE}.

Next
  npm test -- ${test}
  npm start          migrates, and serves /${name}: see http://localhost:3000/docs
  npm run check      types, style, who imports whom
Then make it yours, beginning with ${join(folder, `${one}.entity.ts`)} and its migration.
`);

function withModule(text) {
  const module = `${capital(name)}Module`;
  const listed = text.replace(/imports: \[([^\]]*?),?\s*\]/, `imports: [$1, ${module}]`);
  const afterImports = listed.indexOf('\n', listed.lastIndexOf('import ')) + 1;
  const line = `import { ${module} } from './${name}/${name}.module.js';\n`;
  return listed.slice(0, afterImports) + line + listed.slice(afterImports);
}

function oneOf(several) {
  return several.endsWith('ies') ? `${several.slice(0, -3)}y` : several.replace(/s$/, '');
}

function end(text, code) {
  (code === 0 ? process.stdout : process.stderr).write(text);
  process.exit(code);
}
