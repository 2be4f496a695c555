// Makes a feature of your own from examples/notes: `npm run feature <name>`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const EXAMPLE = 'examples/notes';
const APP_MODULE = 'src/app.module.ts';
const USAGE = `Usage: npm run feature <name> [one] [-- --full]

  Makes src/<name> from examples/notes with everything renamed, a test in test/app, and the line in
  src/app.module.ts: routes with a permission, a table with its migration, errors, audit events.

  <name>  what there are several of, one word in lower case: invoices
  [one]   what one of them is called, where leaving out the "s" is wrong: people person
  --full  everything that the example shows: settings, limits, a claim, a command, a person's data, …
`;

const full = process.argv.includes('--full');
const words = process.argv.slice(2).filter((argument) => argument !== '--full');
const [name, one = oneOf(name ?? ''), ...more] = words;
if (name === '--help') end(USAGE, 0);
if (name === undefined || more.length > 0) end(USAGE, 2);
for (const word of [name, one]) {
  if (/^[a-z][a-z0-9]*$/.test(word)) continue;
  const joined = word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const instead = /^[a-z]/.test(joined) ? `: ${joined}, say` : '';
  end(
    `"${word}" cannot be the name: it becomes a folder, a class, a table, a route and a permission, and so is one word of small letters and digits${instead}.
The route and the table can be given another name by hand.\n`,
    2,
  );
}
if (one === name) end(`Say what one of the ${name} is called: npm run feature ${name} <one>\n`, 2);
const folder = join('src', name);
const test = join('test/app', `${name}.test.ts`);
const there = [folder, test].find((path) => existsSync(path));
if (there !== undefined) end(`${there} is there already: choose another name, or remove it.\n`, 1);
if (namesOfLatchkey().has(name)) {
  end(`Latchkey has routes, permissions or a table "${name}" itself: choose another name.\n`, 1);
}

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

// What stands between `// #region full` and `// #endregion` is made by --full alone: of some files, all.
const withoutMarks = (text) => text.replaceAll(/^ *\/\/ #(?:region full|endregion)\n/gm, '');
const withoutRegions = (text) =>
  text.replaceAll(/^ *\/\/ #region full\n[^]*?^ *\/\/ #endregion\n/gm, '');

const made = [];
const left = [];
for (const entry of readdirSync(EXAMPLE, { recursive: true }).sort()) {
  const source = join(EXAMPLE, entry);
  if (!statSync(source).isFile()) continue;
  const text = readFileSync(source, 'utf8');
  const kept = full ? withoutMarks(text) : withoutRegions(text);
  if (kept.trim() === '') {
    left.push(`  ${source.padEnd(44)} ${firstCommentOf(text)}`);
    continue;
  }
  const target = entry.endsWith('.test.ts') ? test : join(folder, renamed(entry));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, renamed(kept));
  made.push(target);
}
writeFileSync(APP_MODULE, withModule(readFileSync(APP_MODULE, 'utf8')));
// What was left out was imported; longer and shorter names break lines elsewhere.
biome('lint', '--only=correctness/noUnusedImports', '--write', '--unsafe', ...made);
biome('check', '--write', ...made, APP_MODULE);

process.stdout.write(`Made
${made.map((path) => `  ${path}`).join('\n')}
and entered ${capital(name)}Module into ${APP_MODULE}.

Next
  npm test -- ${test}
  npm test -- test/app/contract -u   writes down who may call it: commit what it writes
  npm start          migrates, and serves /${name}: see http://localhost:3000/docs
  npm run check      types, style, who imports whom
  npm run format     lays out what you have changed
Then make it yours, beginning with ${join(folder, `${one}.entity.ts`)} and its migration.
${next()}`);

/** First segments of its paths, prefixes of its permissions and errors, and its tables. */
function namesOfLatchkey() {
  // What a browser is served is no route of the contract.
  const served = ['demo', 'dev', 'docs', 'pages'];
  const routes = readFileSync('docs/routes.md', 'utf8');
  const entities = readdirSync('src/latchkey', { recursive: true })
    .filter((path) => path.endsWith('.entity.ts'))
    .map((path) => readFileSync(join('src/latchkey', path), 'utf8'));
  const found = [
    ...routes.matchAll(/`\/([a-z]+)/g),
    ...routes.matchAll(/`([a-z]+)[.:]/g),
    ...entities.join('\n').matchAll(/@Entity\('(\w+)'\)/g),
  ];
  return new Set([...served, ...found.map(([, word]) => word)]);
}

/** What the example shows besides: copied by hand when it is needed, or made by --full. */
function next() {
  if (full) return '';
  return `
What the example shows besides, when you need it (or all of it now, by --full)
${left.join('\n')}
docs/extending.md lists everything that a feature can do.
`;
}

function firstCommentOf(text) {
  const [, comment = ''] = /\/\*\*\s*([^]*?)\s*\*\//.exec(text) ?? [];
  return comment.replaceAll(/\s*\n\s*\*\s*/g, ' ').split(/(?<=\.) /)[0];
}

function biome(...args) {
  const program = 'node_modules/@biomejs/biome/bin/biome';
  spawnSync(process.execPath, [program, ...args], { stdio: 'ignore' });
}

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
