import type { Common } from '@ethereumjs/common';
import { EVMError, getActivePrecompiles, type EVMOpts, type ExecResult } from '@ethereumjs/evm';

/** The precompiles that run, by the ends of their addresses: ecrecover, SHA-256, identity. */
const RUN: ReadonlySet<string> = new Set(['01', '02', '04'].map((end) => end.padStart(40, '0')));

/**
 * Replaces the precompiles that the ledger does not run. The contracts use ecrecover and SHA-256; compilers for older
 * rules copy memory with identity. Each of the others is one opcode that nothing can interrupt, and the gas of several
 * is far below their time: 26 bytes of code take 17 s.
 *
 * A call to a replaced precompile fails and uses up its gas. It must not succeed without data, as a call to an empty
 * account does: the caller would take that for an answer.
 *
 * @param common - The rules, which say which precompiles there are.
 */
export function refusePrecompiles(common: Common): NonNullable<EVMOpts['customPrecompiles']> {
  return [...getActivePrecompiles(common).keys()]
    .filter((address) => !RUN.has(address))
    .map((address) => ({ address: `0x${address}`, function: refuse }));
}

function refuse({ gasLimit }: { readonly gasLimit: bigint }): ExecResult {
  return {
    executionGasUsed: gasLimit,
    exceptionError: new EVMError(EVMError.errorMessages.OUT_OF_GAS),
    returnValue: new Uint8Array(),
  };
}
