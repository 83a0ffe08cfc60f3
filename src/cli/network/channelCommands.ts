import type { Command } from 'commander';
import { data } from '../node/nodeCommands.ts';
import { yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';

/**
 * Adds the commands about further channels on a network's ledger: `channel …`.
 *
 * @param program - The command line.
 */
export function addChannelCommands(program: Command): void {
  const channel = addNoun(program, 'channel', 'list the channels of a node, and admit others');
  addVerb(channel, {
    name: 'list',
    about: 'list the channels that the organisation of a node is in',
    options: [data()],
    notes: 'It knows those whose node was made on this machine, with --on and this folder.',
    examples: ['channel list --data hospital'],
    gives: async () => (await import('./channelAnswers.ts')).CHANNELS_LISTED,
    load: async () => (await import('./channelVerbs.ts')).listChannels,
  });
  addVerb(channel, {
    name: 'admit <file>',
    about: 'have the ledger take the transactions of another channel',
    args: { file: 'the file of its accounts, accounts.json' },
    options: [data()],
    shared: [yes()],
    notes: `Operators run it on the machine of a node of the network whose ledger it is; the node may run. Once a quorum of the
authority admitted the accounts, the nodes have them enrolled. The file names accounts and organisations alone.`,
    examples: ['channel admit accounts.json --data insurer'],
    interrupted: 'Some accounts may be admitted. Run it again: that is safe.',
    gives: async () => (await import('./channelAnswers.ts')).ACCOUNTS_ADMITTED,
    load: async () => (await import('./channelVerbs.ts')).admitChannel,
  });
}
