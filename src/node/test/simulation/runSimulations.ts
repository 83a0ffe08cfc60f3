import { simulate } from './simulate.ts';

/**
 * Runs simulations in a process of its own, for the test runner watches every promise and halves their speed:
 * `node runSimulations.ts STEPS SEED...`. It ends with 1 at the first run in which something happened that must not,
 * and prints the seed, what it was, and the end of the trace, or all of it where `TRACE` is set.
 */

const LAST = 40;

const [steps = '', ...seeds] = process.argv.slice(2);
for (const seed of seeds) {
  const { violations, trace, traceHash } = await simulate(seed, Number(steps));
  const lines = process.env['TRACE'] === undefined ? trace.slice(-LAST) : trace;
  if (violations.length > 0 || process.env['TRACE'] !== undefined) {
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (violations.length > 0) {
    process.stdout.write(
      [`node ${process.argv[1]} ${steps} '${seed}'`, traceHash, ...violations, ''].join('\n'),
    );
    process.exitCode = 1;
    break;
  }
  process.stdout.write(`${traceHash}\n`);
}
