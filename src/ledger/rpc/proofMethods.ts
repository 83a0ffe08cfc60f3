import { bytesToBigInt } from '@ethereumjs/util';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { findState } from './findBlock.ts';
import type { MethodTable } from './LedgerContext.ts';
import { invalid, readAddress, readSlot, toQuantity } from './parameters.ts';

/** Storage words in one proof at most. */
const MAX_SLOTS = 128;

/** Proofs that hold against a block's state root. */
export const proofMethods: MethodTable = {
  eth_getProof: (ledger, [address, slots, tag]) => {
    if (!Array.isArray(slots) || slots.length > MAX_SLOTS) throw invalid('storage keys');
    const account = readAddress(address);
    const state = ledger.chain.stateAt(findState(ledger, tag).header);
    const proof = state.prove(hexToBytes(account), slots.map(readSlot));
    return {
      address: account,
      balance: toQuantity(proof.account.balance),
      nonce: toQuantity(proof.account.nonce),
      codeHash: bytesToHex(proof.account.codeHash),
      storageHash: bytesToHex(proof.account.storageRoot),
      accountProof: proof.nodes.map(bytesToHex),
      storageProof: proof.slots.map(({ value, nodes }, index) => ({
        key: slots[index] as unknown,
        value: toQuantity(bytesToBigInt(value)),
        proof: nodes.map(bytesToHex),
      })),
    };
  },
};
