import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readOptions } from '../../src/node/test/readOptions.ts';
import { KeysNetwork } from './KeysNetwork.ts';
import { PINNED } from './pinned.ts';
import { playSteps, type Violation } from './playSteps.ts';
import { shrinkSteps } from './shrinkSteps.ts';
import { stepsOf } from './stepsOf.ts';
import type { Step } from './Step.ts';

/** Sequences after which another network is founded, because the data on one grows. */
const ON_ONE_NETWORK = 40;
/** Megabytes in which new objects lie. */
const NEW_SPACE = 64;
/** Sequences after which progress is printed. */
const TOLD = 100;

const { values } = readOptions({
  usage:
    'npm run proof keys -- [--runs N] [--from N] [--seed TEXT] [--workers N] [--only PLACE,PLACE...] [--whole] [--guarded] [--pinned] [--named TEXT]',
  about: `Plays random sequences of steps that give or take keys, on networks in memory. After each step it compares with a small model, both
ways, what every grantee can open of all that nodes ever held, and what every thief of a patient's former seed can open with each of
them. With --guarded opening a record takes a release. It ends with 1 at the first sequence that does not agree, and prints
the shortest one that it finds, with the command that plays it again; with --whole it does not shorten it. With --pinned it
plays those that did not agree once, or the one that --named names.`,
  options: {
    runs: { type: 'string', default: '300' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: 'keys' },
    workers: { type: 'string', default: '2' },
    /** Steps of the one sequence that are played; all of them if absent. */
    only: { type: 'string' },
    /** True if opening a record takes a release. */
    guarded: { type: 'boolean', default: false },
    /** True if those are played that did not agree once, and no others. */
    pinned: { type: 'boolean', default: false },
    /** The pinned sequence that is played; all of them if absent. */
    named: { type: 'string' },
    /** True if a sequence that does not agree is left as long as it is. */
    whole: { type: 'boolean', default: false },
    /** Of the workers, the one that this process is. */
    share: { type: 'string' },
  },
});

if (values.pinned) await playPinned();
else if (values.only !== undefined) await playOnly(values.only);
else if (values.share === undefined) await playAll();
else await playShare(Number(values.share));

async function playPinned(): Promise<void> {
  const { named } = values;
  const played = Object.entries(PINNED).filter(([name]) => name === (named ?? name));
  if (played.length === 0) throw new Error(`no sequence is pinned as '${named}'`);
  const at = await KeysNetwork.found('pinned', values.guarded);
  for (const [name, steps] of played) {
    const violation = await playSteps(at, name, steps);
    if (violation === undefined) continue;
    process.stdout.write(`${name}\n`);
    tell(violation);
  }
  if (process.exitCode === 1) return;
  process.stdout.write(`${played.length} pinned sequences: all agree\n`);
}

/** Plays some steps of one sequence. */
async function playOnly(only: string): Promise<void> {
  const name = `${values.seed} ${values.from}`;
  const all = stepsOf(name);
  const steps = only === 'all' ? all : stepsAt(all, only.split(',').map(Number));
  print(steps);
  const at = await KeysNetwork.found(name, values.guarded);
  const violation = await playSteps(at, name, steps);
  if (violation === undefined) process.stdout.write('it agrees with the model\n');
  else tell(violation);
}

async function playShare(share: number): Promise<void> {
  const last = Number(values.from) + Number(values.runs);
  let at: KeysNetwork | undefined;
  let played = 0;
  for (let place = Number(values.from) + share; place < last; place += Number(values.workers)) {
    const name = `${values.seed} ${place}`;
    if (at === undefined || played++ % ON_ONE_NETWORK === 0) {
      await at?.network.close();
      at = await KeysNetwork.found(name, values.guarded);
    }
    const steps = stepsOf(name);
    const violation = await playSteps(at, name, steps);
    if (violation !== undefined) {
      await report(place, steps, violation);
      break;
    }
    process.send?.('done');
  }
  process.disconnect();
}

/** Prints a sequence that does not agree, as short as it is found. */
async function report(place: number, steps: readonly Step[], violation: Violation): Promise<void> {
  const name = `${values.seed} ${place}`;
  const all = Array.from({ length: violation.place + 1 }, (_, each) => each);
  process.stdout.write(`'${name}' does not agree with the model\n`);
  tell(violation);
  let shortest = violation;
  const fails = async (some: readonly number[]): Promise<boolean> => {
    const at = await KeysNetwork.found(name, values.guarded);
    const found = await playSteps(at, name, stepsAt(steps, some));
    await at.network.close();
    if (found !== undefined) shortest = found;
    return found !== undefined;
  };
  const places = values.whole ? all : await shrinkSteps(all, fails);
  print(stepsAt(steps, places));
  if (!values.whole) tell(shortest);
  process.stdout.write(
    `npm run proof keys -- --seed '${values.seed}' --from ${place} --only ${places.join()}${values.guarded ? ' --guarded' : ''}\n`,
  );
}

function stepsAt(steps: readonly Step[], places: readonly number[]): readonly Step[] {
  return places.flatMap((place) => steps[place] ?? []);
}

function print(steps: readonly Step[]): void {
  for (const [place, step] of steps.entries()) {
    process.stdout.write(`${place} ${JSON.stringify(step)}\n`);
  }
}

function tell({ place, faults }: Violation): void {
  process.exitCode = 1;
  process.stdout.write(`after step ${place}:\n${faults.map((fault) => `  ${fault}\n`).join('')}`);
}

async function playAll(): Promise<void> {
  const began = performance.now();
  let done = 0;
  const execArgv = [...process.execArgv, `--max-semi-space-size=${NEW_SPACE}`];
  const shares = Array.from({ length: Number(values.workers) }, (_, share) => {
    const options = [...process.argv.slice(2), '--share', `${share}`];
    return fork(process.argv[1] ?? '', options, { execArgv });
  });
  const workers = shares.map(async (worker) => {
    worker.on('message', () => {
      if (++done % TOLD === 0) process.stdout.write(`${done} sequences\n`);
    });
    const [code] = (await once(worker, 'exit')) as [number | null];
    if (code === 0 || process.exitCode === 1) return;
    process.exitCode = 1;
    // One sequence that does not agree is enough.
    for (const other of shares) other.kill();
  });
  await Promise.all(workers);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${done} sequences in ${seconds.toFixed(0)} s\n`);
}
