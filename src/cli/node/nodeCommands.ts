import { InvalidArgumentError, Option, type Command } from 'commander';
import { collect, count, countOrNone, passphraseFile } from '../sharedOptions.ts';
import { duration } from '../duration.ts';
import { addVerb } from '../verb.ts';

/**
 * Adds the commands of who runs a node: `init`, `up`.
 *
 * @param program - The command line.
 */
export function addNodeCommands(program: Command): void {
  addInit(program);
  addUp(program);
}

/** The node's folder. */
export function data(): Option {
  return new Option('--data <folder>', 'the folder of the node')
    .env('MEDSEAL_DATA')
    .default('.medseal');
}

function addInit(program: Command): void {
  addVerb(program, {
    name: 'init',
    about: 'make a node that is not a demonstration, or a whole network in one folder',
    options: [
      data(),
      new Option(
        '--organisations <names>',
        'all organisations of a network in one process',
      ).argParser(names),
      new Option('--organisation <name>', 'the one organisation of this node').argParser(name),
      new Option('--url <url>', 'with --organisation: where the node will be, for the others'),
      new Option(
        '--exchange <folder>',
        'the folder that files are exchanged in (default: <data>/exchange)',
      ),
      new Option('--found', 'found the network of all whose identity files are in that folder'),
      new Option(
        '--faulty <count>',
        'when it is founded: how many organisations may lie or fail in any way (default: 0)',
      ).argParser(countOrNone),
      new Option(
        '--writes <count>',
        'when it is founded: how many must agree on a write (default: as few as can)',
      ).argParser(count),
      new Option(
        '--views <count>',
        'when it is founded: how many must agree on a view (default: as few as can)',
      ).argParser(count),
      new Option(
        '--longest-right <time>',
        'when it is founded: how long a right may hold at most (default: 10y)',
      ).argParser(duration),
      new Option('--plain-keys', 'leave the keys without a passphrase, in files of mode 0600'),
    ],
    shared: [
      new Option('-y, --yes', 'found or take what is shown without asking'),
      passphraseFile(),
    ],
    notes: `Without --organisation it founds a network of organisations that all run in one process.

With it, three steps found a network of organisations that each keep their keys to themselves. (1) Each makes its node
with --organisation and --url, and gives its identity file to the founder. (2) The founder, with everyone's files in the
exchange folder, runs init --found, and gives the folder back. (3) Each of the others runs init with that folder. All
compare the fingerprint. It is safe to run twice: what is done stays as it is.

What is founded, or taken, is shown first and asked about: who is in it, and how many must agree. That stays. Of n
organisations of which f may be faulty, so many must agree that any two sets of them have an honest one in common:
2 × count > n + f.`,
    examples: [
      'init --organisations hospital,laboratory,insurer --passphrase-file passphrase.txt',
      'init --data hospital --organisation hospital --url https://medseal.hospital.example',
      'init --data hospital --found --exchange exchange',
      'init --data hospital --found --exchange exchange --faulty 1 --writes 3 --views 3 --yes',
      'init --data laboratory --exchange exchange',
    ],
    load: async () => (await import('./init.ts')).init,
  });
}

function addUp(program: Command): void {
  addVerb(program, {
    name: 'up',
    about: 'run a node until it is told to stop',
    options: [
      data(),
      new Option('--config <file>', 'the configuration (default: medseal.json in the folder)').env(
        'MEDSEAL_CONFIG',
      ),
      new Option('--set <setting>', 'a setting as key=value; repeatable').argParser(collect),
      new Option('--port <number>', 'port of parties (listen.port)'),
      new Option('--peer-port <number>', 'port of other organisations (peers.port)'),
      new Option('--rpc-port <number>', 'port of the ledger’s JSON-RPC (ledger.port)'),
      new Option('--operate-port <number>', 'port of health and metrics (operate.port)'),
      new Option('--log <format>', 'json or pretty (log.format)'),
      new Option('--log-level <level>', 'what is logged (log.level)'),
      new Option('--check', 'check configuration and folder, and start nothing'),
      new Option('--schema', 'print the JSON Schema of the configuration'),
    ],
    shared: [passphraseFile()],
    notes: `The log goes to standard error. With --json it prints one document when it is ready. SIGTERM and Ctrl-C stop it:
what is under way ends, what comes is told to come again. docs/configuration.md has every setting.`,
    examples: [
      'up --data hospital --check',
      'up --data hospital --log pretty',
      'up --set listen.port=0',
    ],
    load: async () => (await import('./up.ts')).up,
  });
}

const NAME = /^[a-z0-9-]{1,31}$/;

function name(text: string): string {
  if (NAME.test(text)) return text;
  throw new InvalidArgumentError('It is 1 to 31 of a-z, 0-9 and -.');
}

function names(text: string): readonly string[] {
  return text.split(',').map((each) => name(each.trim()));
}
