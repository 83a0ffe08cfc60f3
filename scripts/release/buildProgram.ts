import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from './programs.ts';
import { hasTool, ReleaseError, runTool } from './runTool.ts';

/** A machine that a release has a program for. */
export type Target = 'linux/amd64' | 'linux/arm64';

/** All of them, with their names at Debian and npm, and the C compiler of another machine that `--with-c` wants. */
export const TARGETS: Readonly<
  Record<
    Target,
    { readonly debian: 'amd64' | 'arm64'; readonly compiler: string; readonly npm: 'x64' | 'arm64' }
  >
> = {
  'linux/amd64': { debian: 'amd64', compiler: 'x86_64-linux-gnu-gcc', npm: 'x64' },
  'linux/arm64': { debian: 'arm64', compiler: 'aarch64-linux-gnu-gcc', npm: 'arm64' },
};

/** Go's own look-up of names and users, in place of the C library's. */
export const PURE_TAGS = '-tags=netgo,osusergo';

/** A program that was built. */
export interface BuiltProgram {
  /** Name of its file. */
  readonly program: string;
  readonly target: Target;
  /** Version of Go, and of the C compiler if there is C in it. */
  readonly go: string;
  readonly compiler: string | undefined;
  /** Newest version of glibc that it asks for; undefined if it needs no library of its system. */
  readonly glibc: string | undefined;
}

/** The C compiler for a target: the machine's own one, or one that compiles for another machine. */
function compilerOf(target: Target): string {
  const { npm, compiler } = TARGETS[target];
  return npm === process.arch ? 'gcc' : compiler;
}

/** Variables by which Go builds for a target, whatever is set on the machine. */
export function goEnvironment(target: Target, withC: boolean): Readonly<Record<string, string>> {
  const [GOOS = '', GOARCH = ''] = target.split('/');
  const fixed = {
    GOOS,
    GOARCH,
    GOFLAGS: '',
    GOAMD64: 'v1',
    GOARM64: 'v8.0',
    GOEXPERIMENT: '',
    GOWORK: 'off',
  };
  if (!withC) return { ...fixed, CGO_ENABLED: '0' };
  return {
    ...fixed,
    CGO_ENABLED: '1',
    CC: compilerOf(target),
    CGO_CFLAGS: '-O2 -g',
    CGO_LDFLAGS: '-O2 -g',
  };
}

/**
 * Builds a program so that the same sources, Go and C compiler give the same bytes in any folder.
 *
 * @param sources - Folder of the project's sources.
 * @param version - Text that the program answers `--version` with.
 * @param path - The program.
 * @throws ReleaseError if Go or the C compiler is not on the machine, or the build fails.
 */
export function buildProgram(
  { file, folder, mayHaveC }: Program,
  sources: string,
  target: Target,
  choice: { readonly withC: boolean; readonly version: string },
  path: string,
): BuiltProgram {
  const withC = choice.withC && mayHaveC;
  const compiler = compilerOf(target);
  if (withC && !hasTool(compiler)) {
    throw new ReleaseError(
      `There is no C compiler for ${target}: ${compiler}. Install it, or leave out --with-c.`,
    );
  }
  const env = goEnvironment(target, withC);
  const linker = `-ldflags=-s -w -buildid= -X main.version=${choice.version}${withC ? ' -extldflags=-Wl,--build-id=none' : ''}`;
  const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', PURE_TAGS, linker];
  runTool('go', ['build', ...flags, '-o', path, '.'], join(sources, folder), env);
  return {
    program: file,
    target,
    go: runTool('go', ['env', 'GOVERSION'], join(sources, folder), env).trim(),
    compiler: withC ? (runTool(compiler, ['--version'], sources).split('\n')[0] ?? '') : undefined,
    glibc: newestGlibc(readFileSync(path).toString('latin1')),
  };
}

/** The newest version of glibc that a program names, 2.0 if it names the library alone; undefined if it needs none. */
export function newestGlibc(program: string): string | undefined {
  const minors = [...program.matchAll(/\0GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  if (minors.length > 0) return `2.${Math.max(...minors)}`;
  return program.includes('\0libc.so.6\0') ? '2.0' : undefined;
}
