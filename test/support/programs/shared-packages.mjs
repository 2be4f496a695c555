/**
 * The first module of a bundle (bundle.ts). Nest asks for these by a `require` of its own, and is to get
 * what the bundle has: another copy of each would be loaded otherwise, module by module.
 */
import Module from 'node:module';
import * as classTransformer from 'class-transformer';
import * as classValidator from 'class-validator';
import * as typeorm from 'typeorm';

const shared = new Map([
  ['class-transformer', classTransformer],
  ['class-validator', classValidator],
  ['typeorm', typeorm],
]);
const load = Module._load;
Module._load = (name, ...rest) => shared.get(name) ?? load(name, ...rest);
