/** How TypeScript becomes JavaScript, in the build and in the tests alike. */
export const TRANSPILE = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: true,
      verbatimModuleSyntax: true,
    },
    target: 'es2023',
    keepClassNames: true,
  },
  module: { type: 'es6' },
};
