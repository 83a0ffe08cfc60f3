#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { DevOptions } from './dev.ts';
import { addEvidenceCommands } from './evidenceCommands.ts';
import { reportFailure } from './reportFailure.ts';
import { requireRuntime } from './requireRuntime.ts';
import type { ScenarioOptions } from './scenario.ts';

/** Takes a port number from the command line. */
function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

/** Takes an option that can be given more than once. */
function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

const program = new Command('medseal')
  .description('Share health records under the patient’s control.')
  .exitOverride()
  .enablePositionalOptions()
  .showHelpAfterError('(medseal --help says what there is)');

program
  .command('dev')
  .description('run a whole network in this process: three organisations and their ledger')
  .option('--demo', 'enrol demonstration parties with keys that are not encrypted')
  .option('--data <folder>', 'where everything is kept', '.medseal')
  .option('--port <number>', 'port of the agents; 0: any free one', port, 8480)
  .option('--rpc-port <number>', 'port of the ledger’s JSON-RPC; 0: any free one', port, 8545)
  .option('--origin <origin>', 'a web page’s origin that may call the agents', collect, [])
  .option('--json', 'print one line of JSON when it is ready')
  .addHelpText(
    'after',
    `
Examples:
  medseal dev --demo
  medseal dev --demo --data /tmp/network --port 0 --rpc-port 0 --json`,
  )
  .action(async (options: DevOptions) => {
    const { dev } = await import('./dev.ts');
    await dev(options);
  });

program
  .command('scenario')
  .description('play the papers’ scenario: a record is sealed, shared, read, amended, revoked')
  .option('--bundle <file>', 'a FHIR R4 bundle in JSON; again for more patients', collect, [])
  .option('--url <url>', 'play it on a running network, at this address')
  .option('--keystore <folder>', 'with --url: keys of the parties, such as .medseal/parties')
  .option('--network <file>', 'with --url: the pinned network file (default: beside the keystore)')
  .option('--data <folder>', 'keep the network that it is played on in this folder')
  .option('--receipts <folder>', 'keep the receipts of the entries in this folder')
  .option('--json', 'print one JSON object at the end')
  .addHelpText(
    'after',
    `
Exit code: 0 when every step went as the papers have it, 1 when one did not, 2 for a wrong command line.

Examples:
  medseal scenario
  medseal scenario --bundle patient.json --json
  medseal scenario --data network --receipts receipts
  medseal scenario --url http://127.0.0.1:8480 --keystore .medseal/parties`,
  )
  .action(async (options: ScenarioOptions) => {
    const { scenario } = await import('./scenario.ts');
    process.exitCode = (await scenario(options)) ? 0 : 1;
  });

addEvidenceCommands(program);

// Whoever reads may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  requireRuntime();
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportFailure(error, process.argv.includes('--json'));
}
