import { decodeErrorResult } from 'viem/utils';
import { consentAbi } from '../bindings/generated/consentAbi.ts';
import { evidenceAbi } from '../bindings/generated/evidenceAbi.ts';
import { registryAbi } from '../bindings/generated/registryAbi.ts';
import { nameOfError } from '../bindings/readEvents.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Hex } from '../protocol/ids.ts';

const abi = [...registryAbi, ...consentAbi, ...evidenceAbi];

/**
 * Returns a contract's refusal as `RULE_REFUSED`; any other error stays as it is.
 *
 * @param error - The error of a call, an estimate or a transaction.
 */
export function refusalOf(error: unknown): unknown {
  if (!isMedsealError(error, 'LEDGER_REJECTED')) return error;
  const { reason } = error.values;
  if (error.values.code !== 3 && !reason.includes('revert')) return error;
  // An error that crossed a port left its data behind, but its message has them.
  const { data = /0x[0-9a-f]{8,}/.exec(reason)?.[0] } = error as { data?: unknown };
  const name = typeof data === 'string' && data.length >= 10 ? nameOf(data as Hex) : reason;
  return new MedsealError('RULE_REFUSED', { reason: name }, { cause: error });
}

/** The name of a custom error, the reason of a dry run that was refused, the text of `Error(string)`, or what there is. */
function nameOf(data: Hex): string {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data }) as {
      errorName: string;
      args?: readonly unknown[];
    };
    if (errorName === 'RequestRefused') return nameOfError(args?.[1]);
    return errorName === 'Error' ? String(args?.[0]) : errorName;
  } catch {
    return data.slice(0, 10);
  }
}
