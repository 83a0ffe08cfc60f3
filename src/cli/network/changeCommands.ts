import type { Command } from 'commander';
import { data } from '../node/nodeOptions.ts';
import { collect, passphraseFile, url, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { option } from '../program/VerbOption.ts';
import { instead, PROPOSE, unheard } from './changeOptions.ts';

const ROUND = `Operators run it on the node’s machine. It takes the quorum of the authority, and of the coordinators of a channel
that changes. The file goes from organisation to organisation until enough have signed.`;

const DEALS =
  'first all who get shares give a recipient, then deal all of them for a new key, and for one there is as many who hold it as open';

/** The network’s files, for a folder that has none yet because its organisation joins by the change. */
function ofNewcomer() {
  return [
    option('--network <file>', 'the network’s first file, if the folder has none yet'),
    option('--successors <file>', 'its successors so far, if there are any'),
  ];
}

/**
 * Adds the commands that change a network: `network …`.
 *
 * @param program - The command line.
 */
export function addChangeCommands(program: Command): void {
  const network = addNoun(
    program,
    'network',
    'let organisations join and leave a network, change their keys, addresses and thresholds',
  );
  addVerb(network, {
    name: 'identity',
    about: 'write your organisation’s identity file, with new keys or another address',
    options: [
      data(),
      option('--organisation <name>', 'the organisation, if the folder has several'),
      option('--new-keys', 'make new keys'),
      option('--url <url>', 'the address of its node, for the others (default: as it is)'),
      option(
        '--validator <host:port>',
        'the address of its validator, with the key in the folder (default: as it is)',
      ),
      option('--exchange <folder>', 'write the file into this folder').default('.'),
    ],
    shared: [passphraseFile()],
    notes:
      'It writes <organisation>.identity.json. New keys are those of the coordinator, the member of the authority, the account at the ledger, TLS and the log. The key that encrypts bodies on the disk stays. They are used once a network file in force names them; until then the node goes on with those that it has.',
    examples: ['network identity --data hospital --new-keys'],
    interrupted: 'New keys may be made. Run it again: the newest ones count.',
    gives: async () => (await import('./changeAnswers.ts')).IDENTITY_WRITTEN,
    load: async () => (await import('./writeIdentityVerb.ts')).writeIdentityVerb,
  });
  addVerb(network, {
    name: 'propose <file>',
    about: 'draft a change of the network, and sign it first',
    args: { file: 'the file that collects the signatures' },
    options: PROPOSE,
    shared: [passphraseFile(), yes()],
    notes: `${ROUND} If an office changes, the folder’s node must run: it reads the number of the change off the ledger. Terms that
are not named stay as they are, but for thresholds: if another number is in office or may be faulty, these become the smallest quorums.

If it deals shares of a release key, it collects deals first: ${DEALS}. Other coordinators of a channel
that has such a key, or another threshold for a view, deal its shares again in any case.

If the organisations hold the ledger together, a change of validators is part of it: one that joins gets stake, and one
that leaves has none.`,
    examples: [
      'network propose change.json --data hospital --identity pharmacy.identity.json',
      'network propose change.json --data hospital --leave insurer --writes 2',
      'network propose change.json --data hospital --identity laboratory.identity.json --new-keys laboratory',
      'network propose change.json --data hospital --release-key new --after 1h',
    ],
    interrupted: 'The file may be written. Remove it and run it again.',
    gives: async () => (await import('./changeAnswers.ts')).CHANGE_PROPOSED,
    load: async () => (await import('./proposeChange.ts')).propose,
  });
  addVerb(network, {
    name: 'deal <file>',
    about: 'take part in dealing shares of a release key, before a change is signed',
    args: { file: 'the file that collects the deals and the signatures' },
    options: [
      data(),
      option(
        '--without <organisation>',
        'take out what this organisation gave: its deal, or its recipient if it has not dealt; repeatable',
      ).argParser(collect),
      ...ofNewcomer(),
    ],
    shared: [passphraseFile(), yes()],
    notes: `Operators run it on the node’s machine. The file goes round twice: ${DEALS}. Each run adds what the folder
can give now, verifies what the others gave, and says who is next.`,
    examples: [
      'network deal change.json --data laboratory',
      'network deal change.json --data pharmacy --network network.json --successors successors.json',
      'network deal change.json --data insurer --without laboratory',
    ],
    interrupted: 'Its part may be in the file. Run it again: that is safe.',
    gives: async () => (await import('./changeAnswers.ts')).CHANGE_DEALT,
    load: async () => (await import('./dealChange.ts')).dealChange,
  });
  addAgreedChange(network);
}

/** Adds the commands for a change that was drafted. */
function addAgreedChange(network: Command): void {
  addVerb(network, {
    name: 'sign <file>',
    about: 'show a change of the network, and sign it',
    args: { file: 'the file that collects the signatures' },
    options: [data(), instead(), unheard(), ...ofNewcomer()],
    shared: [passphraseFile(), yes()],
    notes: `${ROUND} If it deals shares of a release key, all who get one must sign, and each
keeps its share before it does.`,
    examples: ['network sign change.json --data laboratory'],
    interrupted: 'The signature may be in the file. Run it again: that is safe.',
    gives: async () => (await import('./changeAnswers.ts')).CHANGE_SIGNED,
    load: async () => (await import('./signChange.ts')).signChange,
  });
  addVerb(network, {
    name: 'publish <file>',
    about: 'give a signed change to your node, which begins it at the ledger',
    args: { file: 'the change' },
    options: [
      data(),
      option(
        '--suspensions <folder>',
        'write the drafts of suspensions into this folder (default: that of the change)',
      ),
      url(),
    ],
    notes: `One node is enough: the others hear of it within a minute. Run it at another one if the first cannot be reached.
Each node goes on under the new network file once it is in force.

If an organisation leaves, it drafts the suspension of each of its doctors and registrars, who attest births and deaths. The
other members of the authority sign the drafts with "party suspend".`,
    examples: ['network publish change.json --data hospital'],
    interrupted: 'The node may have it. Run it again: that is safe.',
    gives: async () => (await import('./changeAnswers.ts')).CHANGE_PUBLISHED,
    load: async () => (await import('./publishChange.ts')).publishChange,
  });
  addVerb(network, {
    name: 'settle',
    about: 'decide between two changes that were both signed, once all agree',
    options: [
      data(),
      option(
        '--keep <fingerprint>',
        'fingerprint of the network file that holds',
      ).makeOptionMandatory(),
    ],
    shared: [passphraseFile(), yes()],
    notes:
      'The node must be stopped. `medseal verify network` shows both fingerprints. Agree with all others first, outside the network: nodes that decide differently no longer work with each other.',
    examples: ['network settle --data hospital --keep 0x5a…'],
    interrupted: 'Run it again: that is safe.',
    gives: async () => (await import('./changeAnswers.ts')).FORK_SETTLED,
    load: async () => (await import('./settleForkVerb.ts')).settleForkVerb,
  });
  addVerb(network, {
    name: 'join',
    about: 'make the node in a folder one of a network that runs',
    options: [
      data(),
      option(
        '--network <file>',
        'the network’s first file, which someone you trust gave you',
      ).makeOptionMandatory(),
      option(
        '--successors <file>',
        'its successors, as any node gives them at /v1/successors',
      ).makeOptionMandatory(),
    ],
    shared: [passphraseFile()],
    notes:
      'The newest successor must name the keys of this folder. Compare its fingerprint with the others.',
    examples: ['network join --data pharmacy --network network.json --successors successors.json'],
    interrupted: 'Run it again: that is safe.',
    gives: async () => (await import('./changeAnswers.ts')).SUCCESSION_JOINED,
    load: async () => (await import('./publishChange.ts')).joinNetwork,
  });
}
