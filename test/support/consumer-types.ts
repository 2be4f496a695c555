import { join } from 'node:path';
import ts from 'typescript';

/** Every way of finding a package's types that is in use, by the file that looks for them. */
export const RESOLUTIONS = {
  'node10, commonjs': ['app.ts', ts.ModuleKind.CommonJS, ts.ModuleResolutionKind.Node10],
  'node16, ES module': ['app.mts', ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  'node16, commonjs': ['app.cts', ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
  'nodenext, ES module': ['app.mts', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
  'nodenext, commonjs': ['app.cts', ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
  bundler: ['app.ts', ts.ModuleKind.ESNext, ts.ModuleResolutionKind.Bundler],
} as const;

export type Resolution = keyof typeof RESOLUTIONS;

/** Parsed once: most of it is the language's own. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * What TypeScript has to say about a program of somebody else's and about the packages of ours that
 * it uses.
 *
 * @param folder that has the packages installed
 * @param text of the program
 */
export function typeErrors(folder: string, resolution: Resolution, text: string): string[] {
  const [name, module, moduleResolution] = RESOLUTIONS[resolution];
  const program = join(folder, name);
  const options: ts.CompilerOptions = {
    module,
    moduleResolution,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
    experimentalDecorators: true,
    ignoreDeprecations: '6.0',
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getCurrentDirectory = () => folder;
  host.fileExists = (path) => path === program || fileExists(path);
  host.readFile = (path) => (path === program ? text : readFile(path));
  host.getSourceFile = (path, how, ...more) => {
    if (path === program) return ts.createSourceFile(path, text, how);
    const format = typeof how === 'object' ? how.impliedNodeFormat : undefined;
    const key = `${format} ${path}`;
    if (!parsed.has(key)) parsed.set(key, getSourceFile(path, how, ...more));
    return parsed.get(key);
  };
  const compiled = ts.createProgram([program], options, host);
  const ours = compiled
    .getSourceFiles()
    .filter(({ fileName }) => fileName === program || fileName.includes('/latchkey-'));
  const found = [
    ...compiled.getOptionsDiagnostics(),
    ...ours.flatMap((file) => [
      ...compiled.getSyntacticDiagnostics(file),
      ...compiled.getSemanticDiagnostics(file),
    ]),
  ];
  return found.map(({ file, messageText }) => {
    return `${file?.fileName.replace(folder, '') ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
