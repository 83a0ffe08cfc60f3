import { fork } from 'node:child_process';
import { once } from 'node:events';
import { simulate } from './simulate.ts';
import { SHORT_YEAR, simulateYear, WHOLE_YEAR } from './year/simulateYear.ts';
import { readOptions } from '../../src/node/test/readOptions.ts';

/**
 * Runs simulations in processes of their own, because the test runner watches every promise and halves their speed:
 *
 * - `node runSimulations.ts STEPS SEED...` runs those seeds, and prints the hash of each trace;
 * - `node runSimulations.ts --seeds N [--from N] [--name TEXT] [--steps N] [--workers N] [--seconds N]` runs seeds
 *   `TEXT 0` to `TEXT N-1`, or as many as begin in time, and prints how far it is.
 *
 * `--year whole` lives a year by each seed, with days between the deeds, and `--year short` with months between them.
 *
 * `--ledger validators` has validators of the organisations hold the ledger, by the rules of the consortium's engine.
 *
 * It ends with 1 at the first run with a violation, and prints the seed, the violation, and the end of the trace, or
 * all of it if `TRACE` is set.
 */

const LAST = 40;
/** Megabytes in which new objects lie: most of a run's are gone before they need be moved elsewhere. */
const NEW_SPACE = 64;
/** Seeds after which progress is printed. */
const TOLD = 250;

const { values, positionals } = readOptions({
  usage:
    'npm run proof simulate -- [--seeds N] [--from N] [--name TEXT] [--steps N] [--workers N] [--seconds N] [--ledger embedded|validators] [--year whole|short]',
  about: `Runs consortia in memory with faults, seed by seed, on N workers. It ends with 1 at the first run with a
violation, and prints the command that plays it again.`,
  takes: /./,
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    name: { type: 'string', default: 'nightly' },
    steps: { type: 'string', default: '8' },
    workers: { type: 'string', default: '2' },
    seconds: { type: 'string', default: 'Infinity' },
    /** Kind of the ledger: `embedded` or `validators`. */
    ledger: { type: 'string', default: 'embedded' },
    /** Lives a year: `whole` or `short`. */
    year: { type: 'string' },
    /** Of the workers, the one that this process is. */
    share: { type: 'string' },
  },
});

const isOfValidators = values.ledger === 'validators';
if (!isOfValidators && values.ledger !== 'embedded') {
  throw new Error(`\`--ledger\` is embedded or validators (got ${values.ledger})`);
}

if (values.year !== undefined && !['whole', 'short'].includes(values.year)) {
  throw new Error(`\`--year\` is whole or short (got ${values.year})`);
}

if (positionals.length > 0) await runGiven(positionals);
else if (values.share === undefined) await runAll();
else await runShare(Number(values.share));

async function runGiven([steps = '', ...seeds]: string[]): Promise<void> {
  for (const seed of seeds) {
    const hash = await run(Number(steps), seed);
    if (hash === undefined) return;
    process.stdout.write(`${hash}\n`);
  }
}

/** Runs one seed; returns the hash of its trace, unless something was wrong. */
async function run(steps: number, seed: string): Promise<string | undefined> {
  const { violations, trace, traceHash } =
    values.year === undefined
      ? await simulate(seed, steps, isOfValidators)
      : await simulateYear(seed, values.year === 'short' ? SHORT_YEAR : WHOLE_YEAR);
  const lines = process.env['TRACE'] === undefined ? trace.slice(-LAST) : trace;
  if (violations.length > 0 || process.env['TRACE'] !== undefined) {
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (violations.length === 0) return traceHash;
  const kind = values.year === undefined ? `--ledger ${values.ledger}` : `--year ${values.year}`;
  const replay = `node ${process.argv[1]} ${kind} ${steps} '${seed}'`;
  process.stdout.write([replay, traceHash, ...violations, ''].join('\n'));
  process.exitCode = 1;
  return undefined;
}

async function runShare(share: number): Promise<void> {
  const until = performance.now() + 1000 * Number(values.seconds);
  const last = Number(values.from) + Number(values.seeds);
  for (let place = Number(values.from) + share; place < last; place += Number(values.workers)) {
    if (performance.now() > until) break;
    if ((await run(Number(values.steps), `${values.name} ${place}`)) === undefined) break;
    process.send?.('done');
  }
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
  process.disconnect();
}

async function runAll(): Promise<void> {
  const began = performance.now();
  let [done, cpu] = [0, 0];
  const workers = Array.from({ length: Number(values.workers) }, async (_, share) => {
    const options = [...process.argv.slice(2), '--share', `${share}`];
    const execArgv = [`--max-semi-space-size=${NEW_SPACE}`];
    const worker = fork(process.argv[1] ?? '', options, { execArgv });
    worker.on('message', (message) => {
      if (typeof message === 'number') cpu += message;
      else if (++done % TOLD === 0) process.stdout.write(`${done} runs\n`);
    });
    const [code] = (await once(worker, 'exit')) as [number | null];
    if (code !== 0) process.exitCode = 1;
  });
  await Promise.all(workers);
  const seconds = (performance.now() - began) / 1000;
  const rate = (done / cpu).toFixed(2);
  process.stdout.write(
    `${done} runs of ${values.steps} steps in ${seconds.toFixed(0)} s, ${rate} for a second of processor time\n`,
  );
}
