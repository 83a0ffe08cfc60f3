import type { Command } from 'commander';
import { collect, passphraseFile } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { option } from '../program/VerbOption.ts';
import { data, INIT, NODE } from './nodeOptions.ts';

/**
 * Adds the commands for operators of nodes: `init`, `up`, `node …`.
 *
 * @param program - The command line.
 */
export function addNodeCommands(program: Command): void {
  addInit(program);
  addUp(program);
  addRunning(program);
}

function addInit(program: Command): void {
  addVerb(program, {
    name: 'init',
    about: 'create a production node, or a whole network in one folder',
    options: INIT,
    shared: [option('-y, --yes', 'found or join what is shown without asking'), passphraseFile()],
    notes: `With --organisations it founds a network of organisations that all run in one process.

With --organisation, three steps found a network in which each organisation keeps its keys to itself. (1) Each creates its
node with --organisation and --url, and gives its identity file to the founder. (2) The founder puts all files in the
exchange folder, runs init --found, and gives the folder back. (3) Each of the others runs init with that folder, and gives
its deal of the release key to the founder. All compare the fingerprint. The founder's "up" then joins the deals into
network.json, which the others need too; it takes those of all organisations but --faulty. With an https: address, nodes speak TLS with each other, each with the key in its identity file;
with --proxy, for all of them or none, a proxy speaks TLS for the node. It is safe to run the command twice: what is done stays as it is.

The founder's node keeps the ledger, unless every organisation gives --validator in step (1): then all hold it together,
each with a validator, whose engine --engine names.

With --on, in every step, the network is a further channel on the ledger of another one: with keys, accounts, contracts
and terms of its own. The founder’s exchange folder then has accounts.json, which a quorum of the other network’s authority
admits with "channel admit". If its node is moved later, --data and --on alone tell the first node’s folder where it is.

The options from --faulty on are the founder’s, with --found or --organisations. Without them nobody may lie or fail,
quorums are the smallest that are safe, and nothing is limited.

Before it founds or joins a network, it shows the members and the quorums, and asks. They cannot be changed later. If f of
n organisations may be faulty, any two quorums must have an honest organisation in common: 2 × quorum > n + f.`,
    examples: [
      'init --organisations hospital,laboratory,insurer --passphrase-file passphrase.txt',
      'init --data hospital --organisation hospital --url https://medseal.hospital.example',
      'init --data hospital --organisation hospital --url https://medseal.hospital.example --validator ledger.hospital.example:26656',
      'init --data hospital --found --exchange exchange',
      'init --data hospital --found --exchange exchange --faulty 1 --writes 3 --views 3 --yes',
      'init --data laboratory --exchange exchange',
      'init --data research --found --exchange exchange --on hospital --channel research --categories laboratory,vitals',
    ],
    interrupted: 'The node may be there in part. Run it again: what is done stays as it is.',
    gives: async () => (await import('./nodeAnswers.ts')).NODE_MADE,
    load: async () => (await import('./init.ts')).init,
  });
}

function addUp(program: Command): void {
  addVerb(program, {
    name: 'up',
    about: 'run a node until it is told to stop',
    options: [
      data(),
      option(
        '--config <file>',
        'read this configuration (default: medseal.json in the folder)',
      ).env('MEDSEAL_CONFIG'),
      option('--set <setting>', 'set key=value; repeatable').argParser(collect),
      option('--port <number>', 'serve parties on this port (listen.port)'),
      option('--peer-port <number>', 'serve other organisations on this port (peers.port)'),
      option('--rpc-port <number>', 'serve the ledger’s JSON-RPC on this port (ledger.port)'),
      option('--operate-port <number>', 'serve health and metrics on this port (operate.port)'),
      option('--log <format>', 'write the log as json or pretty (log.format)'),
      option('--log-level <level>', 'log from this level on (log.level)'),
      option(
        '--standby',
        'wait while another node of the organisation runs, and take over from it',
      ),
      option('--check', 'check the configuration and the folder, and start nothing'),
      option('--schema', 'print the JSON Schema of the configuration'),
    ],
    shared: [passphraseFile()],
    notes: `The log goes to standard error. With --json it prints one document when it is ready. SIGTERM and Ctrl-C stop it:
it finishes the calls under way, and asks new callers to try again later. Two machines that share stores in PostgreSQL both run it with --standby
(docs/run/databases.md). docs/reference/configuration.md lists every setting.`,
    examples: [
      'up --data hospital --check',
      'up --data hospital --log pretty',
      'up --set listen.port=0',
    ],
    runsOn: true,
    gives: async () => (await import('./nodeAnswers.ts')).NODE_RUN,
    load: async () => (await import('./up.ts')).up,
  });
}

function addRunning(program: Command): void {
  const node = addNoun(
    program,
    'node',
    'show how a running node stands, and open its operator’s page',
  );
  addVerb(node, {
    name: 'status',
    about: 'show how the node that runs on a folder stands, as its operator’s page does',
    options: NODE,
    notes:
      'Exit code: 0 if the node takes requests and nothing contradicts its network, 1 otherwise.',
    examples: ['node status --data hospital', 'node status --data hospital --json'],
    gives: async () => (await import('./nodeAnswers.ts')).NODE_STATE,
    load: async () => (await import('./showNode.ts')).showNode,
  });
  addVerb(node, {
    name: 'page',
    about: 'print the address of the operator’s page, and the code that opens it',
    options: NODE,
    notes: `Each start of the node makes a new code, which lies in the node’s folder, for its owner alone. The page
answers programs and browsers of this machine only.`,
    examples: ['node page --data hospital'],
    gives: async () => (await import('./nodeAnswers.ts')).NODE_PAGE,
    load: async () => (await import('./showNodePage.ts')).showNodePage,
  });
}
