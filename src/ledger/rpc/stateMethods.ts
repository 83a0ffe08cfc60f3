import { setLengthLeft } from '@ethereumjs/util';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { LedgerState } from '../state/LedgerState.ts';
import { findState } from './findBlock.ts';
import type { LedgerContext, MethodTable } from './LedgerContext.ts';
import { readAddress, readSlot, toQuantity } from './parameters.ts';

/** Accounts as any block left them. */
export const stateMethods: MethodTable = {
  eth_getBalance: (ledger, [address, tag]) =>
    toQuantity(stateAt(ledger, tag).account(bytes(address))?.balance ?? 0n),
  eth_getTransactionCount: (ledger, [address, tag]) => {
    const account = readAddress(address);
    const nonce = Number(stateAt(ledger, tag).account(hexToBytes(account))?.nonce ?? 0n);
    return toQuantity(tag === 'pending' ? ledger.pool.pendingNonce(account, nonce) : nonce);
  },
  eth_getCode: (ledger, [address, tag]) => bytesToHex(stateAt(ledger, tag).code(bytes(address))),
  eth_getStorageAt: (ledger, [address, slot, tag]) =>
    bytesToHex(setLengthLeft(stateAt(ledger, tag).slot(bytes(address), readSlot(slot)), 32)),
};

function stateAt(ledger: LedgerContext, tag: unknown): LedgerState {
  return ledger.chain.stateAt(findState(ledger, tag).header);
}

function bytes(address: unknown): Uint8Array {
  return hexToBytes(readAddress(address));
}
