import { seedToPhrase } from '../../crypto/keys/phrase.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { unlockKey } from '../../device/lockedKeys.ts';
import { findHome } from '../home/Home.ts';
import { readPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { keyHere } from './keysHere.ts';
import { numbered } from './newKey.ts';
import type { KEY_PHRASE } from './keyAnswers.ts';

/**
 * Prints the words of a key. The passphrase is asked for, unlocked or not: who finds the device open does not get them.
 *
 * @throws MedsealError `PASSPHRASE_WRONG`.
 */
export async function showPhrase(
  terminal: Terminal,
  name: string | undefined,
  options: HomeOptions & PassphraseOptions,
): Promise<AnswerOf<typeof KEY_PHRASE>> {
  const key = await keyHere(findHome(options), name);
  const askPassphrase = async () => await readPassphrase(terminal, key.name, options);
  const seed = await unlockKey(key, { ...(await machinePorts()), askPassphrase });
  const phrase = seedToPhrase(seed);
  return { value: { name: key.name, phrase }, lines: numbered(phrase) };
}
