import { createEVM } from '@ethereumjs/evm';

/** What the library's interpreter does before it can jump in some code. */
export interface JumpAnalyst {
  /** Its answer depends on the code and the hardfork alone. */
  _getValidJumpDestinations?(this: unknown, code: Uint8Array): unknown;
}

/** The library's interpreter, which it does not export: a custom opcode is shown it. */
export async function interpreterPrototype(): Promise<JumpAnalyst> {
  let prototype: JumpAnalyst = {};
  const opcode = 0x0c;
  const evm = await createEVM({
    customOpcodes: [
      {
        opcode,
        opcodeName: 'REACH',
        baseFee: 0,
        logicFunction: (runState) => {
          prototype = Object.getPrototypeOf(runState.interpreter) as JumpAnalyst;
        },
      },
    ],
  });
  await evm.runCode({ code: Uint8Array.of(opcode) });
  return prototype;
}
