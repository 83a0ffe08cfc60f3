import { Option, type Command } from 'commander';
import { collect, home, passphraseFile, url, visitor } from './sharedOptions.ts';
import { addVerb } from './verb.ts';

const rpc = (): Option => new Option('--rpc <url>', 'also ask this ledger, by JSON-RPC');
const log = (): Option =>
  new Option('--log <name>', 'one log, such as care/hospital (default: all)');
const anyNetwork = (): Option =>
  new Option('--network <file>', 'the network file to verify against (default: the device’s)');

const SAFE = 'Exit code: 0 when all is safe, 1 when something is not, 2 for a wrong command line.';

/**
 * Adds the commands that look at evidence: `verify`, `audit`, `chain`, `log`.
 *
 * @param program - The command line.
 */
export function addEvidenceCommands(program: Command): void {
  const verify = addVerify(program);
  addVerifyLog(verify);
  addVerifyChain(verify);
  addVerifyNode(verify);
  addVerifyNetwork(verify);
  addAudit(program);
  addChain(program);
  addLog(program);
}

function addVerify(program: Command): Command {
  return addVerb(program, {
    name: 'verify [files...]',
    about: 'verify receipts, sealed files, logs, a patient’s chain, the network file',
    args: { files: 'receipts, acknowledgements and histories that were kept' },
    options: [
      new Option('--record <file>', 'the sealed file that the receipt must name'),
      rpc(),
      new Option(
        '--url <url>',
        'with --rpc: also ask these nodes whether what was promised came; repeatable, as <organisation>=<url>',
      ).argParser(collect),
      new Option('--keep <folder>', 'with --url: keep what convicts somebody in this folder'),
      new Option('--offline', 'ask nobody: the files alone'),
    ],
    shared: [home(), anyNetwork()],
    notes: `Everything is checked against the network file that this device has pinned, or that --network names: one that
merely lies in the present folder is not believed, for whoever made false receipts could have put it there.
${SAFE}`,
    examples: [
      'verify receipts/*.json --offline',
      'verify receipts/*.json --offline --network network.json',
      'verify acknowledgement.json history.json receipts/*.json --offline',
      'verify receipt.json --record sealed.age',
      'verify receipt.json --rpc http://127.0.0.1:8545',
      'verify acknowledgement.json --rpc http://127.0.0.1:8545 --url http://127.0.0.1:8480',
      'verify log --url http://127.0.0.1:8480',
      'verify chain --home .medseal --as patient',
      'verify node --data .medseal',
      'verify network network.json --rpc http://127.0.0.1:8545',
    ],
    load: async () => (await import('./verify/verifyFiles.ts')).verifyFiles,
  }).enablePositionalOptions();
}

function addVerifyLog(verify: Command): void {
  addVerb(verify, {
    name: 'log',
    about: 'verify whole logs: every entry, tile, root and signature; copies; the ledger',
    options: [log(), rpc()],
    shared: [home(), url(), anyNetwork()],
    notes: SAFE,
    examples: [
      'verify log --url http://127.0.0.1:8480 --rpc http://127.0.0.1:8545 --log care/hospital',
    ],
    load: async () => (await import('./verify/verifyLogs.ts')).verifyLogs,
  });
}

function addVerifyChain(verify: Command): void {
  addVerb(verify, {
    name: 'chain [file]',
    about: 'verify all that concerns a patient, in every log, block by block',
    args: { file: 'a chain that was kept (default: the nodes are asked)' },
    options: [
      rpc(),
      new Option('--keep <file>', 'keep the chain in this file, to be verified again by itself'),
      new Option('--offline', 'ask nobody: the file alone'),
    ],
    shared: visitor(),
    notes: `Looking is an event too: it becomes an entry. A chain that was kept tells who did what to the chart: give it to
nobody who may not know.\n${SAFE}`,
    examples: [
      'verify chain',
      'verify chain --home .medseal --as patient --keep chain.json',
      'verify chain chain.json --offline --network network.json',
    ],
    load: async () => (await import('./verify/verifyChain.ts')).verifyChain,
  });
}

function addVerifyNode(verify: Command): void {
  addVerb(verify, {
    name: 'node',
    about: 'verify a stopped network’s folder: every row, body and sealed file at rest',
    options: [
      new Option('--data <folder>', 'the folder').default('.medseal'),
      new Option('--network <file>', 'the pinned network file (default: the one in the folder)'),
    ],
    shared: [passphraseFile()],
    notes: SAFE,
    examples: ['verify node --data .medseal --network network.json'],
    load: async () => (await import('./verify/verifyNode.ts')).verifyNode,
  });
}

function addVerifyNetwork(verify: Command): void {
  addVerb(verify, {
    name: 'network [file]',
    about: 'verify a network file: in itself, its fingerprint, the nodes, the ledger',
    args: { file: 'the network file (default: the device’s)' },
    options: [
      new Option('--fingerprint <hash>', 'what the file must have, as somebody told you'),
      new Option(
        '--url <url>',
        'also ask these nodes, such as http://127.0.0.1:8480; repeatable, as <organisation>=<url>',
      ).argParser(collect),
      rpc(),
    ],
    shared: [home()],
    notes: SAFE,
    examples: [
      'verify network network.json --url http://127.0.0.1:8480 --rpc http://127.0.0.1:8545',
    ],
    load: async () => (await import('./verify/verifyNetwork.ts')).verifyNetwork,
  });
}

function addAudit(program: Command): void {
  addVerb(program, {
    name: 'audit',
    about: 'tell a patient in plain words who wrote, saw and was refused what',
    options: [rpc()],
    shared: visitor(),
    notes: `Looking is an event too: it becomes an entry, and the next audit tells it. The log has to be checkpointed
over it; that is waited for as long as its coordinators promised, some 70 seconds at most. Where it does not come, what
stands under the last checkpoint is told all the same, and that the promise was broken.
Exit code: 0 when everything told holds, 1 when something does not, 2 for a wrong command line.`,
    examples: ['audit', 'audit --home .medseal --as patient --rpc http://127.0.0.1:8545'],
    load: async () => (await import('./audit.ts')).audit,
  });
}

function addChain(program: Command): void {
  addVerb(program, {
    name: 'chain',
    about: 'show all that concerns a patient as a chain of blocks, each safe or not',
    shared: visitor(),
    notes: `Looking is an event too: it becomes an entry.\n${SAFE}`,
    examples: ['chain', 'chain --home .medseal --as patient --json'],
    load: async () => (await import('./showChain.ts')).showChain,
  });
}

function addLog(program: Command): void {
  addVerb(program, {
    name: 'log',
    about: 'show logs: their newest checkpoints, or every checkpoint, batch or entry',
    options: [
      log(),
      new Option('--checkpoints', 'every checkpoint, with its place on the ledger'),
      new Option('--batches', 'P1’s numbered blocks, with the fields of their headers'),
      new Option('--entries', 'every entry'),
      new Option('--history <file>', 'with --log: keep the log as it stands in this file'),
    ],
    shared: [home(), url(), anyNetwork()],
    notes: `What it shows is not checked: "medseal verify log" does that. A history that was kept can be verified offline, and
held against what was promised: "medseal verify".`,
    examples: [
      'log --url http://127.0.0.1:8480',
      'log --url http://127.0.0.1:8480 --log care/hospital --batches',
      'log --log care/hospital --history hospital.json',
    ],
    load: async () => (await import('./showLog.ts')).showLog,
  });
}
