import type { Command } from 'commander';
import { data } from '../node/nodeOptions.ts';
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
    notes:
      'It knows those whose node was made on this machine, with --on and this folder. If such a node was moved, or restored elsewhere, `medseal init --data <its folder> --on <this folder>` tells where it is.',
    examples: ['channel list --data hospital'],
    gives: async () => (await import('./channelAnswers.ts')).CHANNELS_LISTED,
    load: async () => (await import('./channelVerbs.ts')).listChannels,
  });
  addVerb(channel, {
    name: 'accounts <file>',
    about: 'write the accounts of a channel, for the network whose ledger it uses',
    args: { file: 'the file to write, such as accounts.json' },
    options: [data()],
    notes: `Whoever founds a channel gets the file by itself. After a change that brings an account, of an organisation that joins
or made new keys, write it again. It names the accounts of the newest network file, also if that is to come.`,
    examples: ['channel accounts accounts.json --data research'],
    interrupted: 'The file may be written. Remove it and run it again.',
    gives: async () => (await import('./channelAnswers.ts')).ACCOUNTS_WRITTEN,
    load: async () => (await import('./channelVerbs.ts')).writeChannelAccounts,
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
