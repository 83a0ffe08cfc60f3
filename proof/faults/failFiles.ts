import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Preloaded into a process of the command (`node --import`), whose changes of files go wrong from step `FAIL_AT` on:
 * with `FAIL_HOW=kill` the process is killed before the step, with `FAIL_HOW=ENOSPC` the disk is full from then on,
 * for all but removing and renaming. Databases of LevelDB change their files past it.
 */

const at = Number(process.env['FAIL_AT']);
const isFull = process.env['FAIL_HOW'] === 'ENOSPC';
let steps = 0;

type Method = (...values: unknown[]) => Promise<unknown>;

/** Replaces a method by one that may fail before it does anything. */
function failing(target: object, name: string, counts: (values: unknown[]) => boolean): void {
  const method = Reflect.get(target, name) as Method;
  Reflect.set(target, name, async function (this: unknown, ...values: unknown[]) {
    if (counts(values) && ++steps >= at) {
      if (!isFull) process.kill(process.pid, 'SIGKILL');
      else if (!['rename', 'rm', 'rmdir', 'sync'].includes(name)) throw full(name);
    }
    return await Reflect.apply(method, this, values);
  });
}

function full(syscall: string): Error {
  return Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall });
}

function always(): boolean {
  return true;
}

/** Tells whether a file is opened to be changed. */
function isChanging([, flags]: unknown[]): boolean {
  return typeof flags === 'string' && flags !== 'r';
}

const file = await fs.open(import.meta.filename);
const handles = Object.getPrototypeOf(file) as object;
await file.close();
for (const name of ['write', 'sync']) failing(handles, name, always);
for (const name of ['mkdir', 'rename', 'rm', 'rmdir', 'appendFile']) failing(fs, name, always);
failing(fs, 'open', isChanging);
syncBuiltinESMExports();
