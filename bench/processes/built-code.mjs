const sources = new URL('../../src/', import.meta.url).href;
const built = new URL('../../dist/', import.meta.url).href;

/** Whatever a server process imports from `src/` is taken from `dist/`: measured as it ships. */
export async function resolve(specifier, context, nextResolve) {
  if (!specifier.startsWith('.') || !context.parentURL) return nextResolve(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  if (!href.startsWith(sources)) return nextResolve(specifier, context);
  return nextResolve(built + href.slice(sources.length), context);
}
