import { machinePorts } from '../../folder/NodePorts.ts';
import { writeKey } from '../../device/keystore.ts';
import { lockKey, unlockKey } from '../../device/lockedKeys.ts';
import { nextKeyOf, withNextKey } from '../../device/nextKey.ts';
import { findHome, type Home } from '../home/Home.ts';
import {
  readNewPassphrase,
  readPassphrase,
  type PassphraseOptions,
} from '../home/readPassphrase.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { lockedKeyHere } from './keysHere.ts';
import type { KEY_NAMED } from './keyAnswers.ts';
import { withKeyLocked } from './withKeyLocked.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { KEY_PASSPHRASE } from './keyOptions.ts';

type ChangePassphraseOptions = HomeOptions & PassphraseOptions & OptionsOf<typeof KEY_PASSPHRASE>;

/**
 * Puts a key under another passphrase. The old one is asked for in any case, also if the key is unlocked; the key
 * itself stays what it is.
 *
 * @throws MedsealError `PASSPHRASE_WRONG`, `PASSPHRASE_WEAK`, `FOLDER_LOCKED`; then the old passphrase still opens the key.
 */
export async function changePassphrase(
  terminal: Terminal,
  name: string | undefined,
  options: ChangePassphraseOptions,
): Promise<AnswerOf<typeof KEY_NAMED>> {
  const home = findHome(options);
  const { name: chosen } = await lockedKeyHere(home, name);
  return await withKeyLocked(
    home,
    chosen,
    async () => await change(terminal, home, chosen, options),
  );
}

async function change(
  terminal: Terminal,
  home: Home,
  name: string,
  options: ChangePassphraseOptions,
): Promise<AnswerOf<typeof KEY_NAMED>> {
  const key = await lockedKeyHere(home, name);
  const { primitives } = await machinePorts();
  const before = await readPassphrase(terminal, key.name, options);
  const askPassphrase = async (): Promise<string> => await Promise.resolve(before);
  const seed = await unlockKey(key, { primitives, askPassphrase });
  const next = nextKeyOf(key);
  const nextSeed = next && (await unlockKey(next, { primitives, askPassphrase }));
  const { newPassphraseFile: file } = options;
  const given = file === undefined ? {} : { passphraseFile: file };
  const passphrase = await readNewPassphrase(terminal, key.name, given);
  terminal.progress.stage('encrypting the key under its new passphrase');
  const { sealed } = await lockKey(primitives, key, seed, passphrase, terminal.passphrases);
  const changed = { ...key, sealed };
  await writeKey(
    home.keystore,
    nextSeed === undefined
      ? changed
      : await withNextKey(primitives, changed, nextSeed, passphrase, terminal.passphrases),
  );
  return {
    value: { name: key.name, address: key.address },
    lines: [
      `${key.name} has a new passphrase.`,
      'Exported key files and backups of this device keep the old one.',
    ],
  };
}
