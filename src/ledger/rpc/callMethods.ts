import type { ExecResult } from '@ethereumjs/evm';
import { bytesToHex } from '../../crypto/bytes.ts';
import { ZERO_ADDRESS } from '../../protocol/ids.ts';
import type { Call } from '../chain/CallRunner.ts';
import { CALL_GAS_LIMIT, TRANSACTION_GAS_LIMIT } from '../chain/limits.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { estimateGas } from './estimateGas.ts';
import { findState } from './findBlock.ts';
import type { MethodTable } from './LedgerContext.ts';
import {
  invalid,
  isAbsent,
  isRecord,
  readAddress,
  readBigQuantity,
  readData,
  readQuantity,
  toQuantity,
} from './parameters.ts';
import { revertReason } from './revertReason.ts';

/** Calls that change nothing. */
export const callMethods: MethodTable = {
  eth_call: async (ledger, [call, tag, overrides]) => {
    if (!isAbsent(overrides)) throw invalid('state override: not supported');
    const { header, context } = findState(ledger, tag);
    const outcome = await ledger.calls.call(readCall(call, CALL_GAS_LIMIT), header, context);
    return bytesToHex(succeeded(outcome));
  },
  eth_estimateGas: async (ledger, [call, tag]) => {
    const { header, context } = findState(ledger, tag ?? 'pending');
    const read = readCall(call, TRANSACTION_GAS_LIMIT);
    return toQuantity(
      await estimateGas(
        read.gas,
        async (gas) => {
          const trial = await ledger.calls.try({ ...read, gas }, header, context);
          return { ...trial, succeeded: trial.outcome.exceptionError === undefined };
        },
        succeeded,
      ),
    );
  },
};

/** Returns the bytes that a call returned. */
function succeeded(outcome: ExecResult): Uint8Array {
  const { exceptionError, returnValue } = outcome;
  if (exceptionError === undefined) return returnValue;
  if (exceptionError.error !== 'revert') throw new LedgerRejection(-32000, exceptionError.error);
  throw new LedgerRejection(3, revertReason(returnValue), bytesToHex(returnValue));
}

function readCall(value: unknown, maxGas: number): Call {
  if (!isRecord(value)) throw invalid('call');
  const { from, to, data, input, value: wei, gas } = value;
  if (!isAbsent(data) && !isAbsent(input) && data !== input)
    throw invalid('call: data and input differ');
  return {
    from: isAbsent(from) ? ZERO_ADDRESS : readAddress(from, 'from'),
    to: isAbsent(to) ? undefined : readAddress(to, 'to'),
    data: readData(input ?? data ?? '0x', 'data'),
    value: isAbsent(wei) ? 0n : readBigQuantity(wei, 'value'),
    gas: isAbsent(gas) ? maxGas : Math.min(maxGas, readQuantity(gas, 'gas')),
  };
}
