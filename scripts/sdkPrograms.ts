import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A whole program that a page shows. */
export interface Program {
  /** Its file's name, from its first line. */
  readonly name: string;
  readonly source: string;
  /** Output that the page shows; undefined if it shows none. */
  readonly printed: string | undefined;
}

/**
 * The programs of the SDK's guide, in their order: each fenced block of TypeScript whose first line is the name of
 * its file, such as `// share.ts`, and the transcript that begins with `$ node share.ts`.
 */
export async function sdkPrograms(): Promise<readonly Program[]> {
  const page = await readFile(join(ROOT, 'docs/use/sdk.md'), 'utf8');
  return [...page.matchAll(/^```ts\n(\/\/ (\S+\.ts)\n[\s\S]*?)^```$/gm)].map(
    ([, source = '', name = '']) => {
      const [, printed] =
        new RegExp(`^\\$ node ${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page) ?? [];
      return { name, source, printed };
    },
  );
}

/** Writes programs into a project. */
export async function writePrograms(folder: string, programs: readonly Program[]): Promise<void> {
  for (const { name, source } of programs) await writeFile(join(folder, name), source);
}

/**
 * Runs a program of a project.
 *
 * @param folder - The project.
 * @param args - The program and its arguments.
 * @returns Its output. Places in logs and on the ledger depend on what was done before, so each number is `N`.
 */
export async function runProgram(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  return withoutNumbers(stdout);
}

/** A text with `N` for each number. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, 'N');
}

/** A demonstration network in a process of its own. */
export interface RunningDemo extends AsyncDisposable {
  readonly url: string;
  readonly rpcUrl: string;
}

/**
 * Starts `medseal dev --demo` on free ports.
 *
 * @param main - The command's file.
 * @param data - Its folder.
 */
export async function startDemo(main: string, data: string): Promise<RunningDemo> {
  const ports = ['--port', '0', '--rpc-port', '0'];
  const args = [main, 'dev', '--demo', '--no-charts', '--json', ...ports, '--data', data];
  const network = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(network, 'exit');
  const [line] = (await once(createInterface(network.stdout), 'line')) as [string];
  const { url, rpcUrl } = JSON.parse(line) as { url: string; rpcUrl: string };
  return {
    url,
    rpcUrl,
    async [Symbol.asyncDispose]() {
      network.kill('SIGTERM');
      await ended;
    },
  };
}
