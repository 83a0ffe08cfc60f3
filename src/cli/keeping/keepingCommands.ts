import type { Command } from 'commander';
import { passphraseFile, yes } from '../program/sharedOptions.ts';
import { addVerb } from '../program/verb.ts';
import { BACKUP, BACKUPS_ENDED_OPTIONS, FSCK, RESTORE } from './keepingOptions.ts';

/**
 * Adds the commands that keep an organisation's data whole: `fsck`, `backup`, `backups-ended`, `restore`.
 *
 * @param program - The command line.
 */
export function addKeepingCommands(program: Command): void {
  addVerb(program, {
    name: 'fsck',
    about: 'examine the folder of a stopped node, and list what is lost or altered',
    options: FSCK,
    shared: [passphraseFile()],
    notes: `It changes nothing without --repair. Another folder can keep its files in the same bucket, such as a restored copy of this
one: use --discard-unknown only if none does. A write that a crash cut off before it was acknowledged is not a fault.
Exit code: 0 if there is no fault, 1 if there is one, 2 for a wrong command line.`,
    examples: [
      'fsck --data .medseal',
      'fsck --data .medseal --organisation hospital --repair',
      'fsck --data .medseal --network network.json --json',
    ],
    interrupted:
      'Without --repair nothing was changed. With it, some faults may be repaired: run it again for the rest.',
    gives: async () => (await import('./keepingAnswers.ts')).FOLDER_EXAMINED,
    load: async () => (await import('./fsck.ts')).fsck,
  });
  addVerb(program, {
    name: 'backup',
    about: 'back up a node’s folder as it is at one moment, while the node runs or is stopped',
    options: BACKUP,
    shared: [passphraseFile()],
    notes: `A running node pauses its writes for some milliseconds. The backup has a manifest with the SHA-256 of every file,
signed with the node’s key: if the node is stopped and its keys have a passphrase, you are asked for it. The backup holds
the same keys as the folder: keep it as safe.`,
    examples: ['backup --data .medseal --to /backups/monday', 'backup --to /backups/monday.tar'],
    interrupted: 'Unless the backup was finished, "restore" refuses it. Run it again.',
    gives: async () => (await import('./keepingAnswers.ts')).BACKUP_MADE,
    load: async () => (await import('./backup.ts')).backup,
  });
  addVerb(program, {
    name: 'backups-ended',
    about: 'state that all backups of a node from before a date are destroyed',
    options: BACKUPS_ENDED_OPTIONS,
    shared: [yes()],
    notes: `The node signs it for patients who erased records: it is the second date of their certificates. State it after you destroyed the
backups, snapshots and copies of the folder, of its stores and of its databases. The node may run.`,
    examples: ['backups-ended --before 2026-10-01', 'backups-ended --before 2026-10-01 --yes'],
    interrupted: 'Run it again: the same word twice changes nothing.',
    gives: async () => (await import('./keepingAnswers.ts')).BACKUPS_ENDED_SAID,
    load: async () => (await import('./backupsEnded.ts')).backupsEnded,
  });
  addVerb(program, {
    name: 'restore <from>',
    about: 'restore a backup into an empty folder',
    args: { from: 'the backup: a folder, or a .tar file' },
    options: RESTORE,
    notes: `The manifest’s signature and every file’s hash are verified before the folder gets its name. If the command is
interrupted, run it again. The restored node learns what it missed before it serves anybody. Never run it at the same time
as the node that was backed up. It prints number and fingerprint of the newest network file in the backup: compare them with
the others, or require them. A thief of a former key of the log can take later changes out of a backup and sign the rest.`,
    examples: [
      'restore /backups/monday --data .medseal',
      'restore /backups/monday --fingerprint 0x5a…',
      'restore /backups/monday.tar',
    ],
    interrupted: 'The folder is restored whole or not at all. Run it again.',
    gives: async () => (await import('./keepingAnswers.ts')).BACKUP_RESTORED,
    load: async () => (await import('./restore.ts')).restore,
  });
}
