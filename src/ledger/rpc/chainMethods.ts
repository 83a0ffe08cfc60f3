import { bytesToHex } from '../../crypto/bytes.ts';
import type { MethodTable } from './LedgerContext.ts';
import { readData, toQuantity } from './parameters.ts';

/** Methods that identify the chain and the client. */
export const chainMethods: MethodTable = {
  eth_chainId: ({ chain }) => toQuantity(chain.chainId),
  net_version: ({ chain }) => String(chain.chainId),
  net_listening: () => true,
  net_peerCount: () => '0x0',
  eth_blockNumber: ({ chain }) => toQuantity(chain.head.header.number),
  eth_syncing: () => false,
  eth_accounts: () => [],
  eth_mining: () => false,
  eth_protocolVersion: () => '0x41',
  web3_clientVersion: () => 'medseal/embedded',
  web3_sha3: ({ chain }, [data]) => bytesToHex(chain.primitives.keccak256(readData(data, 'data'))),
};
