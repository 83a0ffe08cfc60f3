import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { MedsealError } from '../errors/MedsealError.ts';
import type { LockedKey } from '../node/keystore.ts';

/**
 * Asks on the terminal for the passphrase of a key, and shows nothing of what is typed.
 *
 * @param key - The key.
 * @throws MedsealError `ARGUMENT_INVALID` where nobody sits at a terminal.
 */
export async function askPassphrase({ name }: LockedKey): Promise<string> {
  if (!process.stdin.isTTY) {
    const reason = `the key of ${name} has a passphrase, which is asked for on a terminal alone`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--keystore', reason });
  }
  process.stderr.write(`Passphrase of ${name}: `);
  const silent = new Writable({ write: (_text, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
