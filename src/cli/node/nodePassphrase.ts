import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/** Name of the passphrase among the credentials that systemd gives a unit. */
const CREDENTIAL = 'medseal.passphrase';

/**
 * Finds the file with the passphrase of a node's keys, if there is one: the file that was named, else systemd's
 * credential.
 *
 * @param options - `passphraseFile`, if it was named.
 */
export async function nodePassphraseFile(options: PassphraseOptions): Promise<PassphraseOptions> {
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  if (options.passphraseFile === '') return await nodePassphraseFile({});
  if (options.passphraseFile !== undefined || folder === undefined) return options;
  const file = join(folder, CREDENTIAL);
  return await access(file).then(
    () => ({ passphraseFile: file }),
    () => ({}),
  );
}

/**
 * Gets the passphrase of a node's keys.
 *
 * @param terminal - Asks where it is in no file.
 * @param options - `passphraseFile`, if it was named.
 */
export async function nodePassphrase(
  terminal: Terminal,
  options: PassphraseOptions,
): Promise<string> {
  return await readPassphrase(terminal, 'this node', await nodePassphraseFile(options));
}
