import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { docParts } from './docParts.ts';
import type { EntryPoint } from './publicApi.ts';
import { ROOT } from './sdkPrograms.ts';
import { TAKEN_FOR_GRANTED } from './takenForGranted.ts';

/**
 * Compiles every example of the package's docstrings, each as a module of its own, in one run of the compiler. An
 * example may use the exports of all entry points, and all that `TAKEN_FOR_GRANTED` lists, without an import.
 *
 * @param doors - The entry points.
 * @param folder - The declarations; the modules are written into `examples` in it.
 * @returns The faults that the compiler finds, one line each; empty if every example compiles.
 */
export async function compileExamples(
  doors: readonly EntryPoint[],
  folder: string,
): Promise<readonly string[]> {
  const place = join(folder, 'examples');
  await mkdir(place);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(
    join(place, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options(doors) }),
  );
  await writeFile(join(place, 'takenForGranted.d.ts'), declarationsOf(doors));
  const written = new Set<string>();
  for (const door of doors) {
    const docs = [door, ...door.exports.map(({ home: name, doc }) => ({ name, doc }))];
    for (const { name, doc } of docs) {
      for (const [number, example] of docParts(doc).examples.entries()) {
        const file = `${name.replaceAll(/\W+/g, '-')}-${number + 1}.ts`;
        if (written.has(file)) continue;
        written.add(file);
        await writeFile(join(place, file), moduleOf(doors, door, codeOf(example)));
      }
    }
  }
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const { stdout } = await promisify(execFile)(tsc, ['-p', '.', '--pretty', 'false'], {
    cwd: place,
  }).catch((error: unknown) => error as { stdout: string });
  return stdout.split('\n').filter((line) => line !== '');
}

/**
 * Returns the code of an example.
 *
 * @param example - A fenced block of TypeScript.
 */
export function codeOf(example: string): string {
  return /^```ts\n([\s\S]*?\n)```$/.exec(example)?.[1] ?? '';
}

/** An example with the imports that it leaves out; of two entry points that export a name, its own counts. */
function moduleOf(doors: readonly EntryPoint[], own: EntryPoint, code: string): string {
  const declared = /\b(?:(?:const|function) (\w+)|(?:const|import) [[{]([^\]}]*)[\]}])/g;
  const named = [...code.matchAll(declared)].map(([, name, several]) => name ?? several ?? '');
  const taken = new Set(named.join(' ').match(/\w+/g));
  const imports = [own, ...doors].map(({ name, exports }) => {
    const used = exports
      .filter((each) => each.kind !== 'type' && !taken.has(each.name))
      .map((each) => each.name)
      .filter((each) => new RegExp(`\\b${each}\\b`).test(code));
    for (const each of used) taken.add(each);
    return used.length === 0 ? '' : `import { ${used.join(', ')} } from '${name}';\n`;
  });
  return `${imports.join('')}${code}export {};\n`;
}

/** Declares what examples take for granted, with types of the entry points. */
function declarationsOf(doors: readonly EntryPoint[]): string {
  const globals = Object.entries(TAKEN_FOR_GRANTED);
  const types = new Set(globals.flatMap(([, type]) => type.match(/\b[A-Z]\w+/g) ?? []));
  const imports = [...types].map((type) => {
    const door = doors.find(({ exports }) => exports.some(({ name }) => name === type));
    return door === undefined ? '' : `import type { ${type} } from '${door.name}';\n`;
  });
  const declared = globals.map(([name, type]) => `  const ${name}: ${type};\n`);
  return `${imports.join('')}declare global {\n${declared.join('')}}\n`;
}

function options(doors: readonly EntryPoint[]): object {
  const paths = doors.map(({ name, file }) => [name, [`../${file}`]]);
  return {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable', 'dom'],
    module: 'nodenext',
    types: ['node'],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    paths: Object.fromEntries(paths) as unknown,
  };
}
