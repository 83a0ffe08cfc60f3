import type { Action } from '../../src/protocol/vocabulary.ts';
import { Dice } from '../simulation/Dice.ts';
import {
  GRANTEES,
  PATIENTS,
  TROUBLES,
  USED,
  type DeviceStep,
  type GrantStep,
  type Step,
} from './Step.ts';

/** Number of steps in a sequence. */
const LENGTH = [12, 24] as const;
/** Steps that are drawn; a grant is placed only if it was withheld before. */
type Drawn = Exclude<Step['do'], 'place'>;
/** Weight of each step. */
const WEIGHTS: readonly (readonly [Drawn, number])[] = [
  ['add', 5],
  ['amend', 2],
  ['write', 4],
  ['grant', 6],
  ['revoke', 3],
  ['refresh', 2],
  ['wait', 4],
  ['suspend', 2],
  ['lift', 1],
  ['erase', 2],
  ['restore', 1],
  ['renew', 1],
  ['change', 1],
  ['accept', 1],
  ['trouble', 1],
];
/** Durations of rights, seconds: most end while a sequence runs, and some at the same second. */
const LASTING = [20, 60, 60, 120, 600, 3600, 7200] as const;
const WAITS = [5, 15, 40, 70, 130, 700] as const;
const MOST_CALLS = 16;

/**
 * The steps of a sequence.
 *
 * @param name - All of it follows from this.
 */
export function stepsOf(name: string): readonly Step[] {
  const dice = new Dice(`${name} steps`);
  const kinds = WEIGHTS.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind));
  // Some records and rights come first, because without them nothing happens.
  const first: readonly Drawn[] = ['add', 'grant', 'add'];
  const length = dice.between(...LENGTH);
  const steps = Array.from({ length }, (_, place) =>
    stepOf(dice, first[place] ?? dice.pick(kinds)),
  );
  return withLyingAgent(new Dice(`${name} agent`), steps);
}

/** The same steps, but that an agent withholds a few of the grants, and places them some steps later. */
function withLyingAgent(dice: Dice, steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    if (dice.chance(0.08)) return [{ do: 'place' }, step];
    return [step.do === 'grant' && dice.chance(0.12) ? { ...step, withheld: true } : step];
  });
}

function stepOf(dice: Dice, kind: Drawn): Step {
  const number = (): number => dice.between(0, 999);
  switch (kind) {
    case 'add':
      return { do: kind, ...deviceOf(dice), category: dice.pick(USED) };
    case 'amend':
    case 'revoke':
    case 'erase':
      return { do: kind, ...deviceOf(dice), which: number() };
    case 'write':
      return { do: kind, right: number(), category: number(), amend: number() };
    case 'grant':
      return grantOf(dice);
    case 'refresh':
    case 'accept':
      return { do: kind, ...deviceOf(dice) };
    case 'restore':
      return { do: kind, patient: patientOf(dice), alone: dice.chance(0.5) };
    case 'renew':
      return { do: kind, patient: patientOf(dice), which: number() };
    case 'wait':
      return { do: kind, seconds: dice.pick(WAITS) };
    case 'suspend':
    case 'lift':
    case 'change':
      return { do: kind, grantee: dice.between(0, GRANTEES - 1) };
    case 'trouble':
      return { do: kind, trouble: dice.pick(TROUBLES) };
  }
}

function grantOf(dice: Dice): GrantStep {
  const actions: readonly Action[] = dice.pick([
    ['read'],
    ['read'],
    ['read', 'add', 'amend'],
    ['read', 'add', 'amend'],
    ['add'],
  ]);
  return {
    do: 'grant',
    ...deviceOf(dice),
    grantee: dice.between(0, GRANTEES - 1),
    categories: dice.some(USED, dice.between(1, 3)),
    actions,
    from: dice.chance(0.1) ? dice.pick([10, 50, 100]) : 0,
    lasting: dice.pick(LASTING),
    ...(dice.chance(0.25) && { one: dice.between(0, 999) }),
  };
}

function deviceOf(dice: Dice): DeviceStep {
  const device = { patient: patientOf(dice), device: dice.between(0, 999) };
  if (!dice.chance(0.15)) return device;
  return { ...device, dies: { call: dice.between(1, MOST_CALLS), done: dice.chance(0.5) } };
}

/** The first one mostly, so that much happens to one chart. */
function patientOf(dice: Dice): number {
  return dice.chance(0.75) ? 0 : dice.between(1, PATIENTS - 1);
}
