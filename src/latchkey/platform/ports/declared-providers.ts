import type { DynamicModule, Type } from '@nestjs/common';

type ModuleLike = Type | DynamicModule | Promise<DynamicModule>;

/**
 * The classes that a module and all that it imports declare as providers, read from the decorators:
 * no application is made for it, so no database is needed.
 */
export async function declaredProviders(root: Type): Promise<Type[]> {
  const found = new Set<Type>();
  const seen = new Set<unknown>();
  const visit = async (imported: ModuleLike): Promise<void> => {
    const module = await imported;
    if (seen.has(module)) return;
    seen.add(module);
    const type = 'module' in module ? module.module : module;
    const dynamic: Partial<DynamicModule> = 'module' in module ? module : {};
    for (const provider of [...listOf('providers', type), ...(dynamic.providers ?? [])]) {
      const declared = typeof provider === 'function' ? provider : classOf(provider);
      if (declared !== undefined) found.add(declared);
    }
    const imports = [...listOf('imports', type), ...(dynamic.imports ?? [])];
    for (const next of imports) await visit(next as ModuleLike);
  };
  await visit(root);
  return [...found];
}

function listOf(name: 'providers' | 'imports', module: Type) {
  return (Reflect.getMetadata(name, module) ?? []) as NonNullable<DynamicModule[typeof name]>;
}

function classOf(provider: object): Type | undefined {
  return 'useClass' in provider ? (provider.useClass as Type) : undefined;
}
