import type { ExecResult } from '@ethereumjs/evm';
import { LedgerRejection } from '../LedgerRejection.ts';

/** Result of a try with some gas. */
interface Tried {
  readonly succeeded: boolean;
  readonly outcome: ExecResult;
  readonly gasUsed: number;
  readonly refund: number;
}

/** Gas that a call which sends value brings along (EIP-150). */
const CALL_STIPEND = 2300;

/** A search goes on until the answer is at most so much above the least that would do, or the tries used so much gas. */
const [ERROR_RATIO, MOST_GAS] = [0.015, 2 ** 25];

/**
 * Finds gas that is enough for a transaction: what it used need not be, for calls hold back a 64th (EIP-150) and
 * refunds come at the end. Gas costs nothing here, so a first guess that is enough is the answer.
 *
 * @param most - Gas to try at most.
 * @param attempt - Runs the transaction with some gas; throws if that is below its intrinsic gas.
 * @param fail - Throws the error of a transaction that fails with any gas.
 */
export async function estimateGas(
  most: number,
  attempt: (gas: number) => Promise<Tried>,
  fail: (outcome: ExecResult) => void,
): Promise<number> {
  const first = await attempt(most).catch((error: unknown) => {
    if (error instanceof LedgerRejection) throw error;
    return undefined;
  });
  if (first === undefined) {
    throw new LedgerRejection(-32000, `gas required exceeds allowance (${most})`);
  }
  if (!first.succeeded) fail(first.outcome);
  const used = first.gasUsed + first.refund + CALL_STIPEND;
  const guess = Math.min(most, Math.floor((used * 64) / 63));
  if ((await attempt(guess)).succeeded) return guess;

  let tooLittle = guess;
  let enough = most;
  let spent = first.gasUsed + guess;
  while (enough - tooLittle > enough * ERROR_RATIO && spent < MOST_GAS) {
    const middle = Math.floor((tooLittle + enough) / 2);
    spent += middle;
    if ((await attempt(middle)).succeeded) enough = middle;
    else tooLittle = middle;
  }
  return enough;
}
