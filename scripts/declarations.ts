import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './sdkPrograms.ts';

/** The declarations of all that the package holds. */
export interface Declarations extends AsyncDisposable {
  /** The folder that they are in, laid out as `src/`. */
  readonly folder: string;
}

/** Has the compiler write the declarations into a folder that goes afterwards. */
export async function emitDeclarations(): Promise<Declarations> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-declarations-'));
  // Another check covers the types; the declarations are the same without it.
  const options = ['--emitDeclarationOnly', '--noCheck', '--outDir', folder];
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  await promisify(execFile)(tsc, ['-p', 'tsconfig.build.json', ...options], { cwd: ROOT });
  return {
    folder: join(folder, 'src'),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}
