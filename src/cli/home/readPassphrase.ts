import { requireStrong } from '../../crypto/keys/passphrase.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { Terminal } from '../terminal/Terminal.ts';

const OTHERWISE = 'name a file that holds it with --passphrase-file or MEDSEAL_PASSPHRASE_FILE';

/** Options of `readPassphrase`: the source of a passphrase. */
export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

/**
 * Gets the passphrase of a key: from the file that was named, else from the person at the terminal.
 *
 * @param terminal - Asks.
 * @param name - Of the key.
 * @param options - `passphraseFile`: its first line is the passphrase.
 * @throws MedsealError `ARGUMENT_INVALID` if the file cannot be read, or nobody sits there.
 */
export async function readPassphrase(
  terminal: Terminal,
  name: string,
  options: PassphraseOptions,
): Promise<string> {
  const file = fileOf(options);
  if (file !== undefined) return await firstLine(file);
  return await terminal.ask(`Passphrase of ${name}`, { secret: true, otherwise: OTHERWISE });
}

/**
 * Gets a new passphrase for a key; who types it types it twice.
 *
 * @throws MedsealError as `readPassphrase` does; `PASSPHRASE_WEAK` before it is to be repeated; `ARGUMENT_INVALID` if the
 * two differ.
 */
export async function readNewPassphrase(
  terminal: Terminal,
  name: string,
  options: PassphraseOptions,
): Promise<string> {
  const file = fileOf(options);
  if (file !== undefined) return await firstLine(file);
  const asked = { secret: true, otherwise: OTHERWISE };
  const passphrase = await terminal.ask(
    `New passphrase for ${name}, such as five random words`,
    asked,
  );
  requireStrong(passphrase);
  if ((await terminal.ask('Repeat the passphrase', asked)) !== passphrase) {
    const reason = 'the two passphrases differ';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'passphrase', reason });
  }
  return passphrase;
}

/** The file that was named; a variable of the environment that is empty names none. */
function fileOf({ passphraseFile }: PassphraseOptions): string | undefined {
  return passphraseFile === '' ? undefined : passphraseFile;
}

async function firstLine(path: string): Promise<string> {
  const text = await readGivenText(path, { argument: '--passphrase-file', most: 64 * 1024 });
  return text.split(/\r?\n/, 1)[0] ?? '';
}
