import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasTool, ReleaseError, runTool } from './runTool.ts';

/** File with the checksums, as `sha256sum --check` reads it; `ssh-keygen` puts the signature beside it. */
export const SUMS = 'SHA256SUMS';

/** Purpose that a signature is bound to: `ssh-keygen` refuses one that the same key made for another purpose. */
export const NAMESPACE = 'medseal-release';

/** Computes the SHA-256 of a file in hexadecimal. */
export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Writes the checksums of all other files of a folder, in the order of their names. */
export function writeChecksums(folder: string): void {
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith(SUMS))
    .toSorted();
  const lines = names.map((name) => `${sha256Of(join(folder, name))}  ${name}\n`);
  writeFileSync(join(folder, SUMS), lines.join(''));
}

/**
 * Returns the public part of a releaser's key, as one line of `ssh-keygen`.
 *
 * @param key - File of an Ed25519 key, such as `ssh-keygen -t ed25519` makes; it may be of a security key (`ed25519-sk`).
 * @throws ReleaseError if the file is no such key, or the program is not on the machine.
 */
export function publicKeyOf(key: string): string {
  if (!hasTool('ssh-keygen')) {
    throw new ReleaseError('--key needs ssh-keygen, which is in the package openssh-client.');
  }
  const [type = '', bytes = ''] = runTool('ssh-keygen', ['-y', '-f', key], '.').trim().split(' ');
  if (type !== 'ssh-ed25519' && type !== 'sk-ssh-ed25519@openssh.com') {
    throw new ReleaseError(
      `--key must be an Ed25519 key (got ${type}). Make one with ssh-keygen -t ed25519.`,
    );
  }
  return `${type} ${bytes}`;
}

/** Signs the checksums of a folder: `ssh-keygen -Y verify` verifies them. */
export function signChecksums(folder: string, key: string): void {
  runTool('ssh-keygen', ['-q', '-Y', 'sign', '-n', NAMESPACE, '-f', key, join(folder, SUMS)], '.');
}
