import { quantityIn } from '../../bindings/quantityIn.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { rlpBytes, rlpList, rlpNumber } from '../../ledger/trie/rlp.ts';
import type { Address } from '../../protocol/ids.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { ContractCreated } from '../../protocol/operator/OperatorPort.ts';
import type { CreatedSource } from './requireCreated.ts';

/** Transactions of an account, the newest first, among which a creation is looked for: those of a day or more. */
const LATEST = 20_000;
/** Addresses that are derived in one piece. */
const PIECE = 500;

/**
 * Finds the transactions that created the contracts which a successor adds: each address follows from its creator's account and nonce.
 *
 * @param source - The ledger, and hashes.
 * @param contracts - Their addresses.
 * @param accounts - The accounts of the network's organisations.
 * @returns The creation of each.
 * @throws MedsealError `SUCCESSOR_INVALID` if one was created by no such account among its latest transactions; of the ledger.
 */
export async function findCreations(
  { ledger, primitives }: Pick<CreatedSource, 'ledger' | 'primitives'>,
  contracts: NonNullable<Successor['contracts']>,
  accounts: readonly Pick<ContractCreated, 'organisation' | 'sender'>[],
): Promise<readonly ContractCreated[]> {
  const names = furtherContractsOf(contracts);
  const wanted = new Map<Address | undefined, (typeof names)[number]>(
    names.map((name) => [contracts[name], name]),
  );
  const found: ContractCreated[] = [];
  for (const account of accounts) {
    if (found.length === names.length) break;
    const params = [account.sender, 'latest'];
    const answer = await ledger.request({ method: 'eth_getTransactionCount', params });
    const sender = rlpBytes(hexToBytes(account.sender));
    const count = quantityIn(answer, 'nonce');
    for (let nonce = count - 1; nonce >= Math.max(0, count - LATEST); nonce--) {
      const hash = primitives.keccak256(rlpList([sender, rlpNumber(nonce)]));
      const contract = wanted.get(bytesToHex(hash.subarray(-20)));
      if (contract !== undefined) found.push({ contract, ...account, nonce });
      if (found.length === names.length) break;
      if (nonce % PIECE === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  const strange = names.find((name) => !found.some(({ contract }) => contract === name));
  if (strange !== undefined) {
    const reason = `the contract ${strange} at ${contracts[strange]} is not among the latest creations by accounts of the network’s organisations: create it again`;
    throw new MedsealError('SUCCESSOR_INVALID', { reason });
  }
  return found.toSorted((a, b) => names.indexOf(a.contract) - names.indexOf(b.contract));
}
