const GLOBALS = new URL('./jest-globals.mjs', import.meta.url);

/** Takes `@jest/globals` for those of the file that imports them. */
export async function resolve(specifier, context, nextResolve) {
  if (specifier !== '@jest/globals') return nextResolve(specifier, context);
  const { search } = new URL(context.parentURL);
  return nextResolve(GLOBALS.href + search, context);
}
