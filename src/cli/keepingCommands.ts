import { Option, type Command } from 'commander';
import { passphraseFile } from './sharedOptions.ts';
import { addVerb } from './verb.ts';

const data = (): Option => new Option('--data <folder>', 'the node’s folder').default('.medseal');

/**
 * Adds the commands that keep an organisation's data whole: `fsck`, `backup`, `restore`.
 *
 * @param program - The command line.
 */
export function addKeepingCommands(program: Command): void {
  addVerb(program, {
    name: 'fsck',
    about: 'examine all that a stopped node’s folder holds, and name what is lost or altered',
    options: [
      data(),
      new Option('--organisation <name>', 'one organisation alone'),
      new Option('--network <file>', 'the pinned network file (default: the one in the folder)'),
      new Option('--repair', 'rebuild what can be derived from intact data'),
    ],
    shared: [passphraseFile()],
    notes: `It changes nothing, unless it is told to repair. What a crash cut off, and nobody was told of, is not a fault.
Exit code: 0 when all is as it must be, 1 when something is not, 2 for a wrong command line.`,
    examples: [
      'fsck --data .medseal',
      'fsck --data .medseal --organisation hospital --repair',
      'fsck --data .medseal --network network.json --json',
    ],
    load: async () => (await import('./fsck.ts')).fsck,
  });
  addVerb(program, {
    name: 'backup',
    about: 'back up a node’s folder, as it is at one moment, whether the node runs or not',
    options: [
      data(),
      new Option(
        '--to <path>',
        'an empty folder, or a file whose name ends with .tar',
      ).makeOptionMandatory(),
    ],
    shared: [passphraseFile()],
    notes: `A running node holds back its writes for some milliseconds, and goes on. The backup has a manifest with the
SHA-256 of every file, signed with the node’s key; of a stopped node whose keys are under a passphrase, that is asked
for. It has the keys as the folder has them: keep it as safe.`,
    examples: ['backup --data .medseal --to /backups/monday', 'backup --to /backups/monday.tar'],
    load: async () => (await import('./backup.ts')).backup,
  });
  addVerb(program, {
    name: 'restore <from>',
    about: 'restore a backup into an empty folder',
    args: { from: 'the backup: a folder, or a .tar file' },
    options: [new Option('--data <folder>', 'an empty folder, or none yet').default('.medseal')],
    notes: `Every byte is compared with the manifest, and that with its signature, before the folder has its name; what was
interrupted can be done again. The restored node learns what it missed before it serves anybody. Never run it beside the node
that was backed up.`,
    examples: ['restore /backups/monday --data .medseal', 'restore /backups/monday.tar'],
    load: async () => (await import('./restore.ts')).restore,
  });
}
