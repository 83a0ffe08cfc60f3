import { doors } from './targets.ts';
import { TargetFault } from './FuzzTarget.ts';
import { startLife } from './life.ts';
import { runTarget } from './runTarget.ts';
import { readOptions } from '../../src/node/test/readOptions.ts';

/**
 * Sends hostile things through doors: `npm run proof fuzz -- [--door NAME] [--runs N] [--from N] [--seed TEXT] [--seconds N]`,
 * through every door if none is named. It ends with 1 at the first fault, and prints what plays it again.
 */

const { values } = readOptions({
  usage: 'npm run proof fuzz -- [--door NAME] [--runs N] [--from N] [--seed TEXT] [--seconds N]',
  about: `Sends hostile things through a door, or through all: ${Object.keys(doors).join(', ')}.
It ends with 1 at the first fault, and prints what plays it again.`,
  options: {
    door: { type: 'string' },
    runs: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: 'nightly' },
    seconds: { type: 'string', default: 'Infinity' },
  },
});

const { door, seed } = values;
const [runs, from, seconds] = [values.runs, values.from, values.seconds].map(Number);
const chosen = Object.entries(doors).filter(([name]) => door === undefined || name === door);
if (chosen.length === 0) {
  process.stderr.write(`error: the doors are ${Object.keys(doors).join(', ')}\n`);
  process.exit(2);
}
for (const [name, open] of chosen) {
  const began = performance.now();
  const life = await startLife();
  try {
    const visits = { seed, from: from ?? 0, runs: runs ?? 0, seconds: seconds ?? 0 };
    const options = { name, open, life, ...visits };
    const done = await runTarget(options);
    const took = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${name}: ${done} visits in ${took} s\n`);
  } catch (error) {
    process.stdout.write(
      `${name}: ${error instanceof TargetFault ? error.message : String((error as Error).stack)}\n`,
    );
    process.exitCode = 1;
  } finally {
    await life.close();
  }
}
