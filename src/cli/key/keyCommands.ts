import type { Command } from 'commander';
import {
  home,
  networkOption,
  nodeOption,
  passphraseFile,
  url,
  yes,
} from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { option } from '../program/VerbOption.ts';
import {
  KEY_EXPORT,
  KEY_IDENTITIES,
  KEY_IMPORT,
  KEY_PASSPHRASE,
  KEY_RECOVER,
  KEY_RESTORE,
  KEY_UNLOCK,
} from './keyOptions.ts';

const SCRIPTS =
  'In a script, name a file with the passphrase: --passphrase-file or MEDSEAL_PASSPHRASE_FILE.';
const NAME = { name: 'name of the key on this device, such as anna' };

/**
 * Adds the commands for the keys of a device.
 *
 * @param program - The command line.
 */
export function addKeyCommands(program: Command): void {
  const key = addNoun(
    program,
    'key',
    'create, list, back up, restore, recover and unlock the keys of this device',
  );
  addVerb(key, {
    name: 'new <name>',
    about: 'create a key, encrypt it under a passphrase, and print its 24 words',
    args: NAME,
    shared: [home(), passphraseFile()],
    notes: `The 24 words are the key: anyone who has them has the key. Write them down on paper.
${SCRIPTS}`,
    examples: ['key new anna', 'key new anna --passphrase-file pass.txt --json'],
    interrupted: 'The key may be there: "key list" shows it then, and "key phrase" its words.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_MADE,
    load: async () => (await import('./newKey.ts')).newKey,
  });
  addVerb(key, {
    name: 'list',
    about: 'list the keys of this device',
    shared: [home()],
    examples: ['key list', 'key list --home .medseal'],
    gives: async () => (await import('./keyAnswers.ts')).KEYS_LISTED,
    load: async () => (await import('./listKeys.ts')).listKeys,
  });
  addVerb(key, {
    name: 'show [name]',
    about: 'show one key: its address, role, organisation and state',
    args: { name: 'the key (default: the only one)' },
    shared: [home()],
    examples: ['key show', 'key show doctor --home .medseal'],
    gives: async () => (await import('./keyAnswers.ts')).KEY_SHOWN,
    load: async () => (await import('./listKeys.ts')).showKey,
  });
  addVerb(key, {
    name: 'unlock [name]',
    about: 'unlock a key for a while, so that its passphrase is asked for once',
    args: { name: 'the key (default: the only one)' },
    options: KEY_UNLOCK,
    shared: [home(), passphraseFile()],
    notes: `A background process of your user holds the key in memory until then. ${SCRIPTS}`,
    examples: ['key unlock', 'key unlock anna --for 2h'],
    interrupted: 'The key may be unlocked: "key lock" locks it.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_UNLOCKED,
    load: async () => (await import('./unlockKey.ts')).unlockForDevice,
  });
  addVerb(key, {
    name: 'lock [name]',
    about: 'lock an unlocked key at once',
    args: { name: 'the key (default: the only one)' },
    shared: [home()],
    examples: ['key lock', 'key lock anna'],
    interrupted: 'The key may still be unlocked. Run it again.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_UNLOCKED,
    load: async () => (await import('./unlockKey.ts')).lockOnDevice,
  });
  addVerb(key, {
    name: 'passphrase [name]',
    about: 'change the passphrase of a key',
    args: { name: 'the key (default: the only one)' },
    options: KEY_PASSPHRASE,
    shared: [home(), passphraseFile()],
    notes: `You are asked for the old passphrase, even if the key is unlocked. Exported files and backups keep the old one.
${SCRIPTS}`,
    examples: ['key passphrase', 'key passphrase anna --new-passphrase-file new.txt'],
    interrupted: 'The key has either the old passphrase or the new one.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_NAMED,
    load: async () => (await import('./changePassphrase.ts')).changePassphrase,
  });
  addVerb(key, {
    name: 'phrase [name]',
    about: 'print the 24 words of a key again',
    args: { name: 'the key (default: the only one)' },
    shared: [home(), passphraseFile()],
    notes: SCRIPTS,
    examples: ['key phrase', 'key phrase anna'],
    gives: async () => (await import('./keyAnswers.ts')).KEY_PHRASE,
    load: async () => (await import('./showPhrase.ts')).showPhrase,
  });
  addVerb(key, {
    name: 'change [name]',
    about: 'replace a key by a new one, with new words',
    args: { name: 'the key (default: the only one)' },
    options: [option('--keep-mandates', 'keep mandates that this device does not know')],
    shared: [home(), url(), nodeOption(), networkOption(), passphraseFile(), yes()],
    notes: `The party keeps its address, its role and its rights. The old key and its 24 words sign nothing from then on: do it
when they may be in other hands. Mandates of a patient that this device does not know end: whoever had the key can have
given them. The new key is kept under the same passphrase.
Every other device of the party needs the new words. Those who share records with the party accept its new key.
${SCRIPTS}`,
    examples: ['key change', 'key change anna --yes --json'],
    interrupted: 'The key may be changed. Run it again: it goes on with the same new key.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_CHANGED,
    load: async () => (await import('./changeKeyVerb.ts')).changeKeyVerb,
  });
  addVerb(key, {
    name: 'restore <name>',
    about: 'restore a key from its 24 words, and grants and rights from the nodes',
    args: NAME,
    options: KEY_RESTORE,
    shared: [home(), url(), networkOption(), passphraseFile()],
    notes: `If the device has joined a network, the nodes tell the key’s role, and return a patient’s grants and salts, or
the rights that others gave the party. Contacts and open requests come with "inbox".
${SCRIPTS}`,
    examples: ['key restore anna', 'key restore anna --phrase-file - < phrase.txt'],
    interrupted: 'The key may be restored in part. Run it again: it goes on from there.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_RESTORED,
    load: async () => (await import('./restoreKey.ts')).restoreKey,
  });
  addRecoveryCommands(key);
  addKeyFileCommands(key);
}

/** Adds the commands for a lost key, and for one that somebody else says is lost. */
function addRecoveryCommands(key: Command): void {
  addVerb(key, {
    name: 'recover [name]',
    about: 'ask the authority to give a party whose key was lost this new key',
    args: { name: 'the new key (default: the only one)' },
    options: KEY_RECOVER,
    shared: [home(), url(), nodeOption(), networkOption(), passphraseFile(), yes()],
    notes: `For somebody who lost a key and its 24 words: make a new key first, with "key new". The members of the authority, who know you, compare
twelve words with you and sign the file. After the network’s delay the new key takes effect, unless the former key stops it. Run it again to see
how far it is; once it is over, this device becomes the party. A patient’s key can be recovered only in a channel with a release key.
${SCRIPTS}`,
    examples: ['key recover house-2 --party house.card.json', 'key recover house-2'],
    interrupted: 'The file may be there. Run it again: it goes on from there.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_RECOVERED,
    load: async () => (await import('./recoverKey.ts')).recoverKey,
  });
  addVerb(key, {
    name: 'veto [name]',
    about: 'stop the recovery of your key that you did not ask for',
    args: { name: 'the key (default: the only one)' },
    shared: [home(), url(), nodeOption(), networkOption(), passphraseFile(), yes()],
    notes: `Commands warn you while one is under way. A suspended party can stop it too, through the node of any organisation (--node).
${SCRIPTS}`,
    examples: ['key veto', 'key veto house --node laboratory'],
    interrupted: 'The recovery may be stopped: "party show" tells. Run it again if not.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_VETOED,
    load: async () => (await import('./vetoKey.ts')).vetoKey,
  });
}

/** Adds the commands that write a key, or what opens by it, to a file, and take one from a file. */
function addKeyFileCommands(key: Command): void {
  addVerb(key, {
    name: 'export [name]',
    about: 'export a key to a file, encrypted under its passphrase',
    args: { name: 'the key (default: the only one)' },
    options: KEY_EXPORT,
    shared: [home()],
    notes:
      'Demonstration keys have no passphrase and cannot be exported: "key phrase" prints their words.',
    examples: ['key export anna --out anna.key.json'],
    gives: async () => (await import('./keyAnswers.ts')).KEY_EXPORTED,
    load: async () => (await import('./exportKey.ts')).exportKey,
  });
  addVerb(key, {
    name: 'identities [name]',
    about: 'write the identities that open your own records in any age tool to a file',
    args: { name: 'the patient’s key (default: the only one)' },
    options: KEY_IDENTITIES,
    shared: [home(), url(), networkOption(), passphraseFile(), yes()],
    notes: `In a channel with a release key each record has a stanza for its patient alone. These identities open it, with sealed
files as "record get --sealed" writes them: age --decrypt --identity FILE SEALED
There is one identity for each category and epoch that your chart has records of now. It also opens what is added before the
keys turn next. They open nobody else’s records, none of a later epoch, no batch that a device sealed, and not the stanza that opens by a release.
The file is in the clear, for its owner alone (mode 0600). Anyone who has it can read those records unseen, even after you revoke a right or
erase them: delete it when you need it no more.`,
    examples: [
      'key identities --out anna.age.txt',
      'key identities anna --category laboratory --out anna.age.txt --yes --json',
    ],
    interrupted: 'The file may be there. Delete it.',
    gives: async () => (await import('./keyAnswers.ts')).IDENTITIES_EXPORTED,
    load: async () => (await import('./exportIdentities.ts')).exportIdentities,
  });
  addVerb(key, {
    name: 'import <file>',
    about: 'import an exported key',
    args: { file: 'the file' },
    options: KEY_IMPORT,
    shared: [home()],
    examples: ['key import anna.key.json', 'key import anna.key.json --name anna-2'],
    interrupted: 'The key may be there: "key list" shows it then.',
    gives: async () => (await import('./keyAnswers.ts')).KEY_NAMED,
    load: async () => (await import('./exportKey.ts')).importKey,
  });
}
