import { seedToPhrase } from '../../crypto/keys/phrase.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { writeKey, type LockedKey } from '../../device/keystore.ts';
import { lockKey } from '../../device/lockedKeys.ts';
import { findHome, type Home } from '../home/Home.ts';
import { readNewPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { keysHere } from './keysHere.ts';
import { calledAs } from '../program/calledAs.ts';
import type { KEY_MADE } from './keyAnswers.ts';

/**
 * Makes a key of 32 random bytes, puts it under a passphrase, and prints its phrase, once.
 *
 * @throws MedsealError `ARGUMENT_INVALID` for a name that is taken; `PASSPHRASE_WEAK`.
 */
export async function newKey(
  terminal: Terminal,
  name: string,
  options: HomeOptions & PassphraseOptions,
): Promise<AnswerOf<typeof KEY_MADE>> {
  const home = findHome(options);
  await requireFree(home, name);
  const { random } = await machinePorts();
  const seed = random(32);
  const { address } = await keepSeed(terminal, home, { name, seed }, options);
  const phrase = seedToPhrase(seed);
  return {
    value: { name, address, phrase },
    lines: [
      `${name} is ${address}.`,
      '',
      'These 24 words are the key. Write them down on paper, and show them to nobody:',
      '',
      ...numbered(phrase),
      '',
      `Next: ${calledAs(`party apply --as ${name} --role <role> --at <organisation>`)}`,
    ],
  };
}

/**
 * Refuses a name that no folder can have, or that another key has.
 *
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export async function requireFree(home: Home, name: string): Promise<void> {
  const refuse = (reason: string): never => {
    throw new MedsealError('ARGUMENT_INVALID', { argument: name, reason });
  };
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
    refuse('a name is at most 32 small letters, digits and hyphens');
  }
  if ((await keysHere(home)).some((key) => key.name === name)) {
    refuse('the device already has a key with this name');
  }
}

/** Puts a seed under a new passphrase and into the device. */
export async function keepSeed(
  terminal: Terminal,
  home: Home,
  { seed, ...owner }: { readonly seed: Uint8Array } & Parameters<typeof lockKey>[1],
  options: PassphraseOptions,
): Promise<LockedKey> {
  const { primitives } = await machinePorts();
  const passphrase = await readNewPassphrase(terminal, owner.name, options);
  terminal.progress.stage('encrypting the key under its passphrase');
  const key = await lockKey(primitives, owner, seed, passphrase, terminal.passphrases);
  await writeKey(home.keystore, key);
  return key;
}

/** The words of a phrase in rows of three, each with its number: no terminal is too narrow for that. */
export function numbered(phrase: string): readonly string[] {
  const words = phrase
    .split(' ')
    .map((word, at) => `${String(at + 1).padStart(2)} ${word.padEnd(8)}`);
  return [0, 3, 6, 9, 12, 15, 18, 21].map(
    (from) =>
      `  ${words
        .slice(from, from + 3)
        .join(' ')
        .trimEnd()}`,
  );
}
