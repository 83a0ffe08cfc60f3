import { writeFile } from 'node:fs/promises';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseKey, writeKey } from '../../device/keystore.ts';
import { findHome } from '../home/Home.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { keyHere } from './keysHere.ts';
import { requireFree } from './newKey.ts';
import type { KEY_EXPORTED, KEY_NAMED } from './keyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { KEY_EXPORT, KEY_IMPORT } from './keyOptions.ts';

/**
 * Writes a key, as it is under its passphrase, to a file that was not there.
 *
 * @throws MedsealError `KEYSTORE_DEMO` for a key that has no passphrase; `ARGUMENT_INVALID` if the file is there.
 */
export async function exportKey(
  _terminal: Terminal,
  name: string | undefined,
  options: HomeOptions & OptionsOf<typeof KEY_EXPORT>,
): Promise<AnswerOf<typeof KEY_EXPORTED>> {
  const key = await keyHere(findHome(options), name);
  if (key.demo) throw new MedsealError('KEYSTORE_DEMO', {});
  const { out = `${key.name}.key.json` } = options;
  // A next key takes its place on this device alone.
  const { next: _next, ...present } = key;
  const text = `${JSON.stringify(present, null, 2)}\n`;
  await writeFile(out, text, { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => {
    const reason = 'the file cannot be written, or exists already';
    throw new MedsealError('ARGUMENT_INVALID', { argument: out, reason }, { cause });
  });
  return {
    value: { name: key.name, file: out },
    lines: [`The key ${key.name} was exported to ${out}, under its passphrase.`],
  };
}

/**
 * Takes a key that was exported. Safe to repeat.
 *
 * @throws MedsealError `KEYSTORE_INVALID` if the file holds no key; `ARGUMENT_INVALID` for a name that is taken.
 */
export async function importKey(
  _terminal: Terminal,
  file: string,
  options: HomeOptions & OptionsOf<typeof KEY_IMPORT>,
): Promise<AnswerOf<typeof KEY_NAMED>> {
  const home = findHome(options);
  const text = await readGivenText(file);
  const read = parseKey(file, text);
  const key = { ...read, name: options.name ?? read.name };
  await requireFree(home, key.name);
  await writeKey(home.keystore, key);
  const { name, address } = key;
  return { value: { name, address }, lines: [`${name} is ${address}.`] };
}
