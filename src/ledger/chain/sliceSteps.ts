import { interpreterPrototype, type InterpreterParts } from './interpreterPrototype.ts';
import { GAS_PER_UNIT, type Slices } from './Slices.ts';

/**
 * Opcodes whose time can be far above that of one step, by what their gas says: EXP, hashes, copies, reads of accounts
 * and storage, memory that grows, logs, calls and creations.
 */
const DEAR: ReadonlySet<number> = new Set([
  0x0a, 0x20, 0x31, 0x37, 0x39, 0x3b, 0x3c, 0x3e, 0x3f, 0x51, 0x52, 0x53, 0x54, 0x55, 0x5e, 0xa0,
  0xa1, 0xa2, 0xa3, 0xa4, 0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa,
]);

/**
 * Units of opcodes that run other code, beside its own: a call is set up, and code that a creation brings is searched
 * for jump destinations, up to 48 KiB of it.
 */
const SET_UP: ReadonlyMap<number, number> = new Map([
  [0xf0, 1024],
  [0xf1, 64],
  [0xf2, 64],
  [0xf4, 64],
  [0xf5, 1024],
  [0xfa, 64],
]);

/** State of the slicing of an EVM. */
interface Sliced {
  readonly slices: Slices;
  /** Frame of the last opcode, if that was a costly one; else undefined. */
  frame: object | undefined;
  /** Gas that was left before it. */
  before: bigint;
}

let done: Promise<void> | undefined;
const sliced = new WeakMap<object, Sliced>();

/**
 * Has an EVM let everything else in the process take its turn while it runs. The library waits at each opcode, but only
 * for itself: without this a call holds up the process for as long as its gas lasts.
 *
 * The library gives no other way in, so its interpreter is altered, once per process; `Machine.test.ts` holds this to
 * the version in use.
 *
 * @param evm - It runs one thing after the other.
 * @param slices - Counts its work.
 */
export async function sliceSteps(evm: object, slices: Slices): Promise<void> {
  done ??= interpreterPrototype().then(alter);
  await done;
  sliced.set(evm, { slices, frame: undefined, before: 0n });
}

function alter(prototype: InterpreterParts): void {
  // oxlint-disable-next-line typescript/unbound-method -- bound again by `call`
  const { runStep } = prototype;
  if (runStep === undefined) return;
  // Not async itself: that would be one more promise for every opcode.
  // oxlint-disable-next-line typescript/promise-function-async
  prototype.runStep = function (opcode) {
    const of = sliced.get(this._evm);
    if (of === undefined) return runStep.call(this, opcode);
    const { opCode, gasLeft } = this._runState;
    // The gas of a costly opcode is known once it is done. Opcodes within a call that it made were counted themselves.
    const gas = of.frame === this ? Number(of.before - gasLeft) : 0;
    of.frame = undefined;
    let units = 1 + Math.max(0, gas) / GAS_PER_UNIT;
    if (DEAR.has(opCode)) {
      of.frame = this;
      of.before = gasLeft;
      units += SET_UP.get(opCode) ?? 0;
    }
    if (!of.slices.count(units)) return runStep.call(this, opcode);
    return of.slices.next().then(async () => await runStep.call(this, opcode));
  };
}
