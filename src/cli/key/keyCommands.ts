import { Option, type Command } from 'commander';
import { duration } from '../duration.ts';
import { home, networkOption, passphraseFile, url } from '../sharedOptions.ts';
import { addNoun, addVerb } from '../verb.ts';

const SCRIPTS =
  'Scripts name a file that holds the passphrase, with the option or MEDSEAL_PASSPHRASE_FILE.';
const NAME = { name: 'what you call the key, such as anna' };

/**
 * Adds the commands for the keys of a device.
 *
 * @param program - The command line.
 */
export function addKeyCommands(program: Command): void {
  const key = addNoun(
    program,
    'key',
    'make, list, back up, restore and unlock the keys of this device',
  );
  addVerb(key, {
    name: 'new <name>',
    about: 'make a key under a passphrase, and print its phrase once',
    args: NAME,
    shared: [home(), passphraseFile()],
    notes: `The 24 words of the phrase are the key: whoever has them has it. Write them down on paper.
${SCRIPTS}`,
    examples: ['key new anna', 'key new anna --passphrase-file pass.txt --json'],
    load: async () => (await import('./newKey.ts')).newKey,
  });
  addVerb(key, {
    name: 'list',
    about: 'list the keys of this device',
    shared: [home()],
    examples: ['key list', 'key list --home .medseal'],
    load: async () => (await import('./listKeys.ts')).listKeys,
  });
  addVerb(key, {
    name: 'show [name]',
    about: 'show one key: its address, whose it is, how it is kept',
    args: { name: 'the key (default: the only one)' },
    shared: [home()],
    examples: ['key show', 'key show doctor --home .medseal'],
    load: async () => (await import('./listKeys.ts')).showKey,
  });
  addVerb(key, {
    name: 'unlock [name]',
    about: 'ask for the passphrase once, and not again for a while',
    args: { name: 'the key (default: the only one)' },
    options: [
      new Option('--for <time>', 'how long, up to 24h').argParser(duration).default(900, '15m'),
    ],
    shared: [home(), passphraseFile()],
    notes: `A small process of yours holds the key in memory until then. ${SCRIPTS}`,
    examples: ['key unlock', 'key unlock anna --for 2h'],
    load: async () => (await import('./unlockKey.ts')).unlockForDevice,
  });
  addVerb(key, {
    name: 'lock [name]',
    about: 'forget an unlocked key at once',
    args: { name: 'the key (default: the only one)' },
    shared: [home()],
    examples: ['key lock', 'key lock anna'],
    load: async () => (await import('./unlockKey.ts')).lockOnDevice,
  });
  addVerb(key, {
    name: 'passphrase [name]',
    about: 'put a key under another passphrase',
    args: { name: 'the key (default: the only one)' },
    options: [new Option('--new-passphrase-file <file>', 'read the new passphrase from this file')],
    shared: [home(), passphraseFile()],
    notes: `The old passphrase is asked for, also if the key is unlocked. Exported files and backups keep the old one.
${SCRIPTS}`,
    examples: ['key passphrase', 'key passphrase anna --new-passphrase-file new.txt'],
    load: async () => (await import('./changePassphrase.ts')).changePassphrase,
  });
  addVerb(key, {
    name: 'phrase [name]',
    about: 'print the 24 words of a key again',
    args: { name: 'the key (default: the only one)' },
    shared: [home(), passphraseFile()],
    notes: SCRIPTS,
    examples: ['key phrase', 'key phrase anna'],
    load: async () => (await import('./showPhrase.ts')).showPhrase,
  });
  addVerb(key, {
    name: 'restore <name>',
    about: 'bring a key back from its 24 words, and what a patient’s device knew from the nodes',
    args: NAME,
    options: [
      new Option('--phrase-file <file>', 'read the 24 words from this file; -: standard input'),
    ],
    shared: [home(), url(), networkOption(), passphraseFile()],
    notes: `Where the device has joined a network, the role is asked for there, and a patient’s grants and salts come
back. ${SCRIPTS}`,
    examples: ['key restore anna', 'key restore anna --phrase-file - < phrase.txt'],
    load: async () => (await import('./restoreKey.ts')).restoreKey,
  });
  addVerb(key, {
    name: 'export [name]',
    about: 'write a key, under its passphrase, to a file',
    args: { name: 'the key (default: the only one)' },
    options: [new Option('--out <file>', 'the file (default: <name>.key.json)')],
    shared: [home()],
    notes:
      'Keys of a demonstration have no passphrase and are not exported: "key phrase" prints their words.',
    examples: ['key export anna --out anna.key.json'],
    load: async () => (await import('./exportKey.ts')).exportKey,
  });
  addVerb(key, {
    name: 'import <file>',
    about: 'take a key that was exported',
    args: { file: 'the file' },
    options: [new Option('--name <name>', 'what it is called here (default: as before)')],
    shared: [home()],
    examples: ['key import anna.key.json', 'key import anna.key.json --name anna-2'],
    load: async () => (await import('./exportKey.ts')).importKey,
  });
}
