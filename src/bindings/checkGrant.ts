import { decodeFunctionResult, encodeFunctionData } from 'viem/utils';
import type { Address, RecordId } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Grant } from '../protocol/struct/requests.ts';
import type { Action, Category, Purpose } from '../protocol/vocabulary.ts';
import { decodeAnswer, ethCall } from './ethCall.ts';
import { consentAbi } from './generated/consentAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/** A question to `Consent.check`. */
export interface RightQuestion {
  /** The grant relied on. */
  readonly opening: Grant;
  readonly party: Address;
  readonly action: Action;
  readonly category: Category;
  readonly record: RecordId;
  readonly purpose: Purpose;
  /** The moment, Unix seconds. */
  readonly at: number;
}

/**
 * Asks the contract whether a party has a right; it is the arbiter of `judgeRight`.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param question - The party, the wanted access, and the grant that it relies on.
 * @param block - Number of the block to judge by; the newest if absent.
 */
export async function checkGrant(
  provider: LedgerProvider,
  contracts: Pick<NetworkFile['contracts'], 'consent'>,
  question: RightQuestion,
  block?: number,
): Promise<boolean> {
  const { opening, party, action, category, record, purpose, at } = question;
  const { terms } = opening;
  const data = encodeFunctionData({
    abi: consentAbi,
    functionName: 'check',
    args: [
      {
        handle: opening.handle,
        terms: { ...terms, from: BigInt(terms.from), until: BigInt(terms.until) },
        deadline: BigInt(opening.deadline),
      },
      party,
      action,
      category,
      record,
      purpose,
      BigInt(at),
    ],
  });
  const result = await ethCall(provider, contracts.consent, data, block);
  return decodeAnswer(() =>
    decodeFunctionResult({ abi: consentAbi, functionName: 'check', data: result }),
  );
}
