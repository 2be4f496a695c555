/** Runs the programs of a bundle (bundle.ts), compiled by the first process of it that has ended. */
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join, resolve } = require('node:path');
const { fileURLToPath } = require('node:url');
const { Script } = require('node:vm');

const requireFromBuild = createRequire(resolve(__dirname, '../../../dist/main.js'));

exports.run = (folder, program) => {
  const { discovered, programs } = load(join(folder, 'bundle.cjs'));
  exports.discovered = discovered;
  return programs[program]();
};

function load(file) {
  const compiled = `${file}.compiled`;
  const cachedData = readIfThere(compiled);
  const source = readFileSync(file, 'latin1');
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${source}\n})`,
    { filename: file, cachedData },
  );
  if (cachedData === undefined || script.cachedDataRejected) {
    process.on('exit', () => {
      writeFileSync(`${compiled}.${process.pid}`, script.createCachedData());
      renameSync(`${compiled}.${process.pid}`, compiled);
    });
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, required, module, file, join(file, '..'));
  return module.exports;
}

/** Of the build's own packages, and of files by their address. */
function required(name) {
  return requireFromBuild(name.startsWith('file:') ? fileURLToPath(name) : name);
}
required.resolve = requireFromBuild.resolve;

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
