import { MOST_DATA } from '../../ledger/rpc/parameters.ts';
import type { Hex } from '../../protocol/ids.ts';

/**
 * Requests that one transaction carries at most: so many of the dearest kind stay below what a transaction may use of
 * gas.
 */
export const MOST_CARRIED = { rules: 200, care: 80 } as const;

/** Calldata of a transaction, and how many requests it carries. */
export interface TransactionPart {
  readonly data: Hex;
  readonly count: number;
}

/**
 * Divides requests among transactions that the ledger takes: few enough for their gas, and of few enough bytes.
 *
 * @param requests - Requests of one kind, in their order; nothing is returned for none.
 * @param most - Number of requests that one transaction carries at most.
 * @param encode - Makes the calldata of some of them.
 */
export function* transactionsOf<Request>(
  requests: readonly Request[],
  most: number,
  encode: (part: readonly Request[]) => Hex,
): Generator<TransactionPart> {
  for (let from = 0; from < requests.length;) {
    let part = requests.slice(from, from + most);
    let data = encode(part);
    while (part.length > 1 && data.length > 2 + 2 * MOST_DATA) {
      part = part.slice(0, Math.ceil(part.length / 2));
      data = encode(part);
    }
    yield { data, count: part.length };
    from += part.length;
  }
}
