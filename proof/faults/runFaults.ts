import { DEEDS } from './deeds.ts';
import { FAULTS, faultAt, type FaultKind } from './faultAt.ts';
import { readOptions } from '../../src/node/test/readOptions.ts';

/**
 * Has every kind of request fail at every step on every disk, in each way, one at a time:
 * `node runFaults.ts [--kind TEXT] [--fault TEXT] [--step N] [--every N] [--from N] [--seconds N]`. With `--every 7`
 * it is every seventh step. It ends with 1 if something was lost, doubled or stuck, and prints how to reproduce that.
 */

const { values } = readOptions({
  usage:
    'npm run proof faults -- [--kind TEXT] [--fault TEXT] [--step N] [--every N] [--from N] [--seconds N]',
  about: `Has every kind of request fail at every step on every disk, in each way. It ends with 1 if something was lost,
doubled or stuck, and prints how to reproduce that.`,
  options: {
    kind: { type: 'string' },
    fault: { type: 'string' },
    step: { type: 'string' },
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    seconds: { type: 'string', default: 'Infinity' },
  },
});
const began = performance.now();
const kinds = values.kind === undefined ? Object.keys(DEEDS) : [values.kind];
const faults = values.fault === undefined ? FAULTS : [values.fault as FaultKind];
let [runs, bad, enough] = [0, 0, true];

for (const [place, kind] of kinds.entries()) {
  // Time that one kind leaves goes to the next ones.
  const share = (place + 1) / kinds.length;
  await runKind(kind, began + 1000 * Number(values.seconds) * share);
}
const [what, how] = [`${kinds.length} kinds of request`, faults.join(', ')];
const end = enough ? '' : ', and not all steps in the time that there was';
process.stdout.write(`${runs} faults in ${what} (${how})${end}: ${bad} with violations\n`);
if (bad > 0) process.exitCode = 1;

/** Tries each fault at the first step at least. */
async function runKind(kind: string, until: number): Promise<void> {
  const outcomes = new Map<string, number>();
  const left = new Set(faults);
  let steps = 0;
  const first = Number(values.step ?? values.from);
  for (let step = first; left.size > 0; step += Number(values.every)) {
    if (step > first && performance.now() > until) {
      enough = false;
      break;
    }
    for (const fault of left) {
      if (await run(kind, fault, step)) steps = Math.max(steps, step);
      else left.delete(fault);
    }
    if (values.step !== undefined) break;
  }
  const told = [...outcomes].map(([outcome, often]) => `${outcome} ${often}`).join(', ');
  process.stdout.write(`${kind.padEnd(28)} ${String(steps).padStart(4)} steps: ${told}\n`);

  /** Returns whether there is such a step. */
  async function run(name: string, fault: FaultKind, step: number): Promise<boolean> {
    const deed = DEEDS[name];
    if (deed === undefined) throw new Error(`there is no ${name}`);
    const { hit, outcome, violations } = await faultAt(deed, step, fault);
    if (hit === undefined) return false;
    runs += 1;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (violations.length === 0) return true;
    bad += 1;
    const again = `--kind '${name}' --fault '${fault}' --step ${step}`;
    const lines = [`${again}: ${hit}, ${outcome}`, ...violations.map((each) => `  ${each}`)];
    process.stdout.write(`${lines.join('\n')}\n`);
    return true;
  }
}
