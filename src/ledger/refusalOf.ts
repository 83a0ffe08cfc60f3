import { decodeErrorResult } from 'viem/utils';
import { consentAbi } from '../bindings/generated/consentAbi.ts';
import { evidenceAbi } from '../bindings/generated/evidenceAbi.ts';
import { registryAbi } from '../bindings/generated/registryAbi.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Hex } from '../protocol/ids.ts';

const abi = [...registryAbi, ...consentAbi, ...evidenceAbi];

/**
 * What a contract says no with, as `RULE_REFUSED`; any other error stays as it is.
 *
 * @param error - What a call, an estimate or a transaction failed with.
 */
export function refusalOf(error: unknown): unknown {
  if (!isMedsealError(error, 'LEDGER_REJECTED')) return error;
  const { reason } = error.values;
  if (error.values.code !== 3 && !reason.includes('revert')) return error;
  // Where the error crossed a port, its data stayed behind, and the words have it.
  const { data = /0x[0-9a-f]{8,}/.exec(reason)?.[0] } = error as { data?: unknown };
  const name = typeof data === 'string' && data.length >= 10 ? nameOf(data as Hex) : reason;
  return new MedsealError('RULE_REFUSED', { reason: name }, { cause: error });
}

/** The name of a custom error, the text of `Error(string)`, or what there is. */
function nameOf(data: Hex): string {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data }) as {
      errorName: string;
      args?: readonly unknown[];
    };
    return errorName === 'Error' ? String(args?.[0]) : errorName;
  } catch {
    return data.slice(0, 10);
  }
}
