import { setImmediate } from 'node:timers/promises';
import { interpreterPrototype, type InterpreterParts } from './interpreterPrototype.ts';

/** After how many opcodes others get their turn: some milliseconds of work. */
const SLICE = 2048;

let done: Promise<void> | undefined;
const sliced = new WeakSet<object>();

/**
 * Has an EVM let everything else in the process take its turn while it runs. The library waits at each opcode, but only
 * for itself: without this a call holds up the process for as long as its gas lasts.
 *
 * The library gives no other way in, so its interpreter is altered, once per process; `Machine.test.ts` holds this to
 * the version in use.
 *
 * @param evm - One that runs calls; blocks are made without a break.
 */
export async function sliceSteps(evm: object): Promise<void> {
  done ??= interpreterPrototype().then(alter);
  await done;
  sliced.add(evm);
}

function alter(prototype: InterpreterParts): void {
  // oxlint-disable-next-line typescript/unbound-method -- bound anew by `call`
  const { runStep } = prototype;
  if (runStep === undefined) return;
  let steps = 0;
  // Not async itself: that would be one more promise for every opcode.
  // oxlint-disable-next-line typescript/promise-function-async
  prototype.runStep = function (opcode) {
    steps += 1;
    if (steps < SLICE) return runStep.call(this, opcode);
    steps = 0;
    if (!sliced.has(this._evm)) return runStep.call(this, opcode);
    return setImmediate().then(async () => await runStep.call(this, opcode));
  };
}
