import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { declaredBy } from './declareLater.ts';

const ROOT = join(import.meta.dirname, '../..');
const DECLARE_LATER = new URL('declareLater.ts', import.meta.url).href;

/**
 * Runs test files in this process, one after the other, each as a suite with its path: to load what most of them load,
 * and to get it compiled, takes each process a second or two. Hooks of a file's top level are those of its own suite.
 *
 * @param paths - The files, from the project's folder.
 */
export async function runTogether(paths: readonly string[]): Promise<void> {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'node:test' && context.parentURL !== DECLARE_LATER
        ? { url: DECLARE_LATER, shortCircuit: true }
        : next(specifier, context),
  });
  for (const path of paths) {
    const { href } = pathToFileURL(join(ROOT, path));
    const declared = await declaredBy(async () => (await import(href)) as unknown);
    await describe(path, () => {
      for (const declare of declared) void declare();
    });
  }
}
