import { createEVM } from '@ethereumjs/evm';

/** Parts of the library's interpreter that are altered; absent if a version has other names. */
export interface InterpreterParts {
  /** The analysis that precedes a jump in some code: the answer depends on the code and the hardfork alone. */
  _getValidJumpDestinations?(this: unknown, code: Uint8Array): unknown;
  /** Executes one opcode. */
  runStep?(
    this: {
      readonly _evm: object;
      readonly _runState: { readonly opCode: number; readonly gasLeft: bigint };
    },
    opcode: unknown,
  ): Promise<void>;
}

/** The library's interpreter, which it does not export: a custom opcode is shown it. */
export async function interpreterPrototype(): Promise<InterpreterParts> {
  let prototype: InterpreterParts = {};
  const opcode = 0x0c;
  const evm = await createEVM({
    customOpcodes: [
      {
        opcode,
        opcodeName: 'REACH',
        baseFee: 0,
        logicFunction: (runState) => {
          prototype = Object.getPrototypeOf(runState.interpreter) as InterpreterParts;
        },
      },
    ],
  });
  await evm.runCode({ code: Uint8Array.of(opcode) });
  return prototype;
}
