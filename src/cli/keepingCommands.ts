import { Option, type Command } from 'commander';
import { passphraseFile } from './sharedOptions.ts';
import { addVerb } from './verb.ts';

const data = (): Option => new Option('--data <folder>', 'the node’s folder').default('.medseal');

/**
 * Adds the commands that keep an organisation's data whole: `fsck`.
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
      new Option('--repair', 'write anew what follows from what is there'),
    ],
    shared: [passphraseFile()],
    notes: `It changes nothing, unless it is told to repair. What a crash cut off, and nobody was told of, is no fault.
Exit code: 0 when all is as it must be, 1 when something is not, 2 for a wrong command line.`,
    examples: [
      'fsck --data .medseal',
      'fsck --data .medseal --organisation hospital --repair',
      'fsck --data .medseal --network network.json --json',
    ],
    load: async () => (await import('./fsck.ts')).fsck,
  });
}
