import type { Command } from 'commander';
import type { AuditOptions } from './audit.ts';
import type { LogOptions } from './showLog.ts';
import type { VerifyChainOptions } from './verify/verifyChain.ts';
import type { VerifyFilesOptions } from './verify/verifyFiles.ts';
import type { VerifyLogsOptions } from './verify/verifyLogs.ts';
import type { VerifyNodeOptions } from './verify/verifyNode.ts';
import type { VerifyNetworkOptions } from './verify/verifyNetwork.ts';

type Option = readonly [flags: string, about: string];

const NETWORK: Option = ['--network <file>', 'the pinned network file (default: network.json)'];
const BESIDE: Option = [
  '--network <file>',
  'the pinned network file (default: beside the keystore)',
];
const NODES: Option = ['--url <url>', 'address of the nodes, such as http://127.0.0.1:8480'];
const RPC: Option = ['--rpc <url>', 'also ask this ledger, by JSON-RPC'];
const LOG: Option = ['--log <name>', 'one log, such as care/hospital (default: all)'];
const KEYSTORE: Option = ['--keystore <folder>', 'keys of parties, such as .medseal/parties'];
const LINE: Option = ['--json', 'print JSON, for programs'];

const SAFE = 'Exit code: 0 when all is safe, 1 when something is not, 2 for a wrong command line.';

/**
 * Adds the commands that look at evidence: `verify`, `audit`, `log`.
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
  addLog(program);
}

function addVerify(program: Command): Command {
  return program
    .command('verify')
    .description('verify receipts, sealed files, logs, a patient’s chain, the network file')
    .enablePositionalOptions()
    .argument('[files...]', 'receipts and acknowledgements that were kept')
    .option(...NETWORK)
    .option('--record <file>', 'the sealed file that the receipt must name')
    .option(...RPC)
    .option('--url <url>', 'with --rpc: also ask these nodes whether what was promised came')
    .option('--offline', 'ask nobody: the files alone')
    .option(...LINE)
    .addHelpText(
      'after',
      `
${SAFE}

Examples:
  medseal verify receipts/*.json --offline
  medseal verify receipt.json --record sealed.age
  medseal verify receipt.json --rpc http://127.0.0.1:8545
  medseal verify acknowledgement.json --rpc http://127.0.0.1:8545 --url http://127.0.0.1:8480
  medseal verify log --url http://127.0.0.1:8480
  medseal verify chain --url http://127.0.0.1:8480 --keystore .medseal/parties --as patient
  medseal verify node --data .medseal
  medseal verify network network.json --rpc http://127.0.0.1:8545`,
    )
    .action(async (files: readonly string[], options: VerifyFilesOptions) => {
      const { verifyFiles } = await import('./verify/verifyFiles.ts');
      endWith(await verifyFiles(files, options));
    });
}

function addVerifyLog(verify: Command): void {
  verify
    .command('log')
    .description('verify whole logs: every entry, tile, root and signature; copies; the ledger')
    .requiredOption(...NODES)
    .option(...LOG)
    .option(...NETWORK)
    .option(...RPC)
    .option(...LINE)
    .addHelpText(
      'after',
      `
${SAFE}

Example:
  medseal verify log --url http://127.0.0.1:8480 --rpc http://127.0.0.1:8545 --log care/hospital`,
    )
    .action(async (options: VerifyLogsOptions) => {
      const { verifyLogs } = await import('./verify/verifyLogs.ts');
      endWith(await verifyLogs(options));
    });
}

function addVerifyChain(verify: Command): void {
  verify
    .command('chain')
    .description('verify all that concerns a patient, in every log, entry by entry')
    .requiredOption(...NODES)
    .requiredOption(...KEYSTORE)
    .option('--as <name>', 'the patient in the keystore', 'patient')
    .option(...BESIDE)
    .option(...RPC)
    .option(...LINE)
    .addHelpText(
      'after',
      `
Looking is an event too: it becomes an entry.
${SAFE}

Example:
  medseal verify chain --url http://127.0.0.1:8480 --keystore .medseal/parties --as patient`,
    )
    .action(async (options: VerifyChainOptions) => {
      const { verifyChain } = await import('./verify/verifyChain.ts');
      endWith(await verifyChain(options));
    });
}

function addVerifyNode(verify: Command): void {
  verify
    .command('node')
    .description('verify a stopped network’s folder: every row, body and sealed file at rest')
    .option('--data <folder>', 'the folder', '.medseal')
    .option('--network <file>', 'the pinned network file (default: the one in the folder)')
    .option(...LINE)
    .addHelpText(
      'after',
      `
${SAFE}

Example:
  medseal verify node --data .medseal --network network.json`,
    )
    .action(async (options: VerifyNodeOptions) => {
      const { verifyNode } = await import('./verify/verifyNode.ts');
      endWith(await verifyNode(options));
    });
}

function addVerifyNetwork(verify: Command): void {
  verify
    .command('network')
    .description('verify a network file: in itself, its fingerprint, the nodes, the ledger')
    .argument('[file]', 'the network file', 'network.json')
    .option('--fingerprint <hash>', 'what the file must have, as somebody told you')
    .option(...NODES)
    .option(...RPC)
    .option(...LINE)
    .addHelpText(
      'after',
      `
${SAFE}

Example:
  medseal verify network network.json --url http://127.0.0.1:8480 --rpc http://127.0.0.1:8545`,
    )
    .action(async (file: string, options: VerifyNetworkOptions) => {
      const { verifyNetwork } = await import('./verify/verifyNetwork.ts');
      endWith(await verifyNetwork(file, options));
    });
}

function addAudit(program: Command): void {
  program
    .command('audit')
    .description('tell a patient in plain words who wrote, saw and was refused what')
    .requiredOption(...NODES)
    .requiredOption(...KEYSTORE)
    .option('--as <name>', 'the patient in the keystore', 'patient')
    .option(...BESIDE)
    .option(...RPC)
    .option(...LINE)
    .addHelpText(
      'after',
      `
Looking is an event too: it becomes an entry, and the next audit tells it.
Exit code: 0 when everything told holds, 1 when something does not, 2 for a wrong command line.

Example:
  medseal audit --url http://127.0.0.1:8480 --keystore .medseal/parties --as patient`,
    )
    .action(async (options: AuditOptions) => {
      const { audit } = await import('./audit.ts');
      endWith(await audit(options));
    });
}

function addLog(program: Command): void {
  program
    .command('log')
    .description('show logs: their newest checkpoints, or every checkpoint, batch or entry')
    .requiredOption(...NODES)
    .option(...LOG)
    .option('--checkpoints', 'every checkpoint, with its place on the ledger')
    .option('--batches', 'P1’s numbered blocks, with the fields of their headers')
    .option('--entries', 'every entry')
    .option(...NETWORK)
    .option('--json', 'print one JSON object a line, for programs')
    .addHelpText(
      'after',
      `
What it shows is not checked: "medseal verify log" does that.

Examples:
  medseal log --url http://127.0.0.1:8480
  medseal log --url http://127.0.0.1:8480 --log care/hospital --batches`,
    )
    .action(async (options: LogOptions) => {
      const { showLog } = await import('./showLog.ts');
      await showLog(options);
    });
}

function endWith(safe: boolean): void {
  process.exitCode = safe ? 0 : 1;
}
