import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as face from '../../../src/latchkey/index.js';

const HOUSE = 'src/latchkey';
const EXPORT = /export (type )?\{([^}]+)\} from '([^']+)';/g;

interface Exported {
  readonly name: string;
  readonly isType: boolean;
  readonly file: string;
}

async function exported(): Promise<Exported[]> {
  const text = await readFile(join(HOUSE, 'index.ts'), 'utf8');
  return [...text.matchAll(EXPORT)].flatMap(([, onlyTypes, names = '', from = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
      .map((name) => ({
        name: name.replace(/^type /, ''),
        isType: onlyTypes !== undefined || name.startsWith('type '),
        file: join(HOUSE, from.replace(/\.js$/, '.ts')),
      })),
  );
}

it('the face has these names: one that is missing breaks features, one that is new is a promise', async () => {
  const names = await exported();
  expect(
    names.map(({ name, isType }) => (isType ? `type ${name}` : name)).sort(),
  ).toMatchSnapshot();
  const values = names.filter(({ isType }) => !isType).map(({ name }) => name);
  expect(Object.keys(face).sort()).toEqual(values.sort());
});

it('says of each what it is, where it is declared or above it', async () => {
  const undocumented: string[] = [];
  for (const { name, file } of await exported()) {
    const text = await readFile(file, 'utf8');
    const declaration = new RegExp(
      `\\*/\\n(?:@[^]*?\\n)?export (?:abstract |const |async )*(?:class|function|interface|type|const)? ?${name}\\b`,
    );
    if (!declaration.test(text)) undocumented.push(name);
  }
  expect(undocumented).toEqual([]);
});
