import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PYTHON = process.env['PYTHON'] ?? 'python3';
const CACHE = resolve(import.meta.dirname, '../../.cache/outside');

/** The outcome of a run of Python. */
interface PythonRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Python packages that were installed for a test. */
export interface PythonPackages {
  /** The folder that holds them, for `PYTHONPATH`. */
  readonly folder: string;
  /** Runs Python with them and returns its exit code and output. */
  run(
    args: readonly string[],
    options?: { readonly cwd?: string; readonly input?: string },
  ): PythonRun;
  /** The same, while this process goes on, such as one that answers it. */
  runBeside(args: readonly string[], options: { readonly cwd: string }): Promise<PythonRun>;
}

/**
 * Installs Python packages from PyPI beside the project's caches, once.
 *
 * @param requirements - Each with its version: `slither-analyzer==0.11.6`. Their dependencies are installed too.
 * @returns The packages, or why they cannot be had: a test skips with that sentence.
 */
export function fromPypi(...requirements: readonly string[]): PythonPackages | string {
  const version = spawnSync(PYTHON, ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) return 'Python is not on this machine';
  const python = version.stdout.trim().replaceAll(' ', '-');
  const folder = join(CACHE, [python, ...requirements].join('_'));
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    const arriving = mkdtempSync(join(CACHE, 'arriving-'));
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const installed = spawnSync(PYTHON, [...pip, '--target', arriving, ...requirements], {
      encoding: 'utf8',
    });
    if (installed.status !== 0) {
      rmSync(arriving, { recursive: true });
      return `PyPI does not give ${requirements.join(', ')}: ${(installed.stderr ?? '').trim().split('\n').at(-1)}`;
    }
    try {
      renameSync(arriving, folder);
    } catch (error) {
      // Another test that needs the same was faster.
      rmSync(arriving, { recursive: true });
      if (!existsSync(folder)) throw error;
    }
  }
  const common = {
    env: { ...process.env, PYTHONPATH: folder },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  } as const;
  return {
    folder,
    run(args, options) {
      const { status, stdout, stderr } = spawnSync(PYTHON, args, { ...options, ...common });
      return { code: status, stdout, stderr };
    },
    async runBeside(args, options) {
      return await new Promise((resolve) => {
        const child = execFile(PYTHON, args, { ...options, ...common }, (_, stdout, stderr) => {
          resolve({ code: child.exitCode, stdout, stderr });
        });
      });
    },
  };
}
