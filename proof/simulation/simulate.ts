import { checkSettled } from './checkSettled.ts';
import { openConsortium } from './Consortium.ts';
import { Dice } from './Dice.ts';
import { FaultPlan } from './FaultPlan.ts';
import { foundationOf } from './Foundation.ts';
import { Scheduler } from './Scheduler.ts';
import { settingOf } from './settingOf.ts';
import { SimulatedNetwork } from './SimulatedNetwork.ts';
import { ValidatorPlan } from './validators/ValidatorPlan.ts';
import { Witness } from './Witness.ts';
import { Workload } from './Workload.ts';

/** Milliseconds until everything under way has ended, once faults have stopped. */
const SETTLING = 60_000;

/** Results of an action that others decide, and that a run without faults can have. */
const EXPECTED = /: (?:done|RIGHT_ENDED|RIGHT_MISSING|RULE_REFUSED|REQUEST_ALTERED)$/;

/** One run of a consortium. */
export interface Simulation {
  readonly seed: string;
  readonly steps: number;
  /** Violations, each in a sentence; empty in a sound run. */
  readonly violations: readonly string[];
  /** Trace of the run, a line for each event. */
  readonly trace: readonly string[];
  readonly traceHash: string;
  /** Counts of each action done, and of its refusals by code. */
  readonly tally: ReadonlyMap<string, number>;
}

/**
 * Runs a consortium whose messages, disks, clocks and chances follow from a seed: first with faults, then without
 * until it has settled. The same seed gives the same trace.
 *
 * @param seed - Any text.
 * @param steps - Number of actions of each party.
 * @param isOfValidators - True if validators of the organisations hold the ledger, by their engine's rules.
 */
export async function simulate(
  seed: string,
  steps: number,
  isOfValidators = false,
): Promise<Simulation> {
  const setting = settingOf(seed);
  const foundation = await foundationOf(setting, isOfValidators);
  const scheduler = new Scheduler(foundation.now);
  const plan = new FaultPlan(seed, setting);
  const witness = new Witness(scheduler, plan);
  const network = new SimulatedNetwork(scheduler, plan, witness);
  const validators = isOfValidators ? new ValidatorPlan(seed, setting.organisations) : undefined;
  const calm = (isCalm: boolean): void => {
    plan.calm = isCalm || (validators !== undefined && validators.faults !== 'all');
    if (validators !== undefined) validators.calm = isCalm;
  };
  const consortium = await scheduler.until(
    openConsortium(foundation.base, {
      seed,
      scheduler,
      plan,
      network,
      ...(validators && { validators }),
    }),
  );
  witness.watch(consortium);
  const dice = new Dice(`${seed} workload`);
  const opening = Workload.open({ consortium, scheduler, witness, dice }, foundation);
  const workload = await scheduler.until(opening);
  const violations: string[] = [];
  try {
    calm(false);
    await scheduler.until(workload.run(steps));
    if (validators?.faults === 'none') {
      const failed = [...workload.tally.keys()].filter((result) => !EXPECTED.test(result));
      violations.push(...failed.map((result) => `nothing went wrong, yet ${result}`));
    }
    calm(true);
    await scheduler.until(consortium.allUp());
    await scheduler.until(scheduler.sleep(SETTLING));
    await scheduler.until(consortium.settle());
    await scheduler.until(workload.finish());
    await scheduler.until(consortium.settle());
    violations.push(...(await checkSettled(consortium, witness)));
    await witness.checkRights(consortium.ledger, consortium.file.contracts);
  } catch (error) {
    violations.push(`the run broke: ${error instanceof Error ? error.stack : String(error)}`);
  }
  violations.unshift(...witness.violations);
  const { trace } = scheduler;
  const traceHash = scheduler.traceHash();
  return { seed, steps, violations, trace, traceHash, tally: workload.tally };
}
