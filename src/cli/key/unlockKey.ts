import { machinePorts } from '../../folder/NodePorts.ts';
import { unlockKey as seedOf } from '../../device/lockedKeys.ts';
import { endUnlocked, keepUnlocked, unlockedIn } from '../../device/unlockedKeys.ts';
import { describeMoment } from '../describeBody.ts';
import { findHome } from '../home/Home.ts';
import { readPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { lockedKeyHere } from './keysHere.ts';
import type { KEY_UNLOCKED } from './keyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { KEY_UNLOCK } from './keyOptions.ts';

/**
 * Keeps a key unlocked for a while, in a process of its owner. Safe to repeat: the last call decides how long.
 *
 * @throws MedsealError `PASSPHRASE_WRONG`, `UNLOCK_FAILED`, `KEYSTORE_DEMO` for a key that needs no unlocking.
 */
export async function unlockForDevice(
  terminal: Terminal,
  name: string | undefined,
  options: HomeOptions & PassphraseOptions & OptionsOf<typeof KEY_UNLOCK>,
): Promise<AnswerOf<typeof KEY_UNLOCKED>> {
  const home = findHome(options);
  const key = await lockedKeyHere(home, name);
  const seed = await seedOf(key, {
    ...(await machinePorts()),
    findUnlocked: unlockedIn(home.keystore),
    askPassphrase: async () => await readPassphrase(terminal, key.name, options),
  });
  const until = Math.floor(
    (await keepUnlocked(home.keystore, key, seed, options.for * 1000)) / 1000,
  );
  const text = `${key.name} is unlocked until ${describeMoment(until)}.`;
  return { value: { name: key.name, unlocked: true, until }, lines: [text] };
}

/** Locks a key again. Safe to repeat. */
export async function lockOnDevice(
  _terminal: Terminal,
  name: string | undefined,
  options: HomeOptions,
): Promise<AnswerOf<typeof KEY_UNLOCKED>> {
  const home = findHome(options);
  const key = await lockedKeyHere(home, name);
  const was = await endUnlocked(home.keystore, key);
  const text = was ? `${key.name} is locked.` : `${key.name} was locked already.`;
  return { value: { name: key.name, unlocked: false }, lines: [text] };
}
