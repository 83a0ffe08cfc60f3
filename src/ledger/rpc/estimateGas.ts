import type { ExecResult } from '@ethereumjs/evm';
import { LedgerRejection } from '../LedgerRejection.ts';

/** What came of a try with some gas. */
interface Tried {
  readonly succeeded: boolean;
  readonly outcome: ExecResult;
  readonly gasUsed: number;
  readonly refund: number;
}

/** The answer is at most so much above the least that would do, as with go-ethereum. */
const ERROR_RATIO = 0.015;

/**
 * Finds the gas that a transaction needs: what it used need not do, for calls hold back a 64th (EIP-150) and
 * refunds come at the end.
 *
 * @param most - Gas to try at most.
 * @param attempt - Runs the transaction with some gas; throws where that is below its intrinsic gas.
 * @param fail - Throws the error of a transaction that fails with any gas.
 */
export async function estimateGas(
  most: number,
  attempt: (gas: number) => Promise<Tried>,
  fail: (outcome: ExecResult) => void,
): Promise<number> {
  let first: Tried;
  try {
    first = await attempt(most);
  } catch {
    throw new LedgerRejection(-32000, `gas required exceeds allowance (${most})`);
  }
  if (!first.succeeded) fail(first.outcome);

  let tooLittle = first.gasUsed - 1;
  let enough = most;
  const guess = Math.floor(((first.gasUsed + first.refund + CALL_STIPEND) * 64) / 63);
  let next = Math.min(guess, most);
  while (enough - tooLittle > Math.max(1, enough * ERROR_RATIO)) {
    if (
      await attempt(next).then(
        ({ succeeded }) => succeeded,
        () => false,
      )
    )
      enough = next;
    else tooLittle = next;
    // What is enough is mostly near what was used, so the search leans that way.
    next = Math.min(Math.floor((tooLittle + enough) / 2), 2 * Math.max(tooLittle, 1));
    if (next <= tooLittle) next = tooLittle + 1;
    if (next >= enough) break;
  }
  return enough;
}

const CALL_STIPEND = 2300;
