import { encodeAbiParameters, encodeEventTopics } from 'viem';
import { evidenceAbi } from '../../bindings/generated/evidenceAbi.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import type { SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/** Makes a ledger that holds these checkpoints, and answers nothing else. */
export function ledgerWith(
  network: NetworkFile,
  checkpoints: readonly Pick<SignedCheckpoint, 'log' | 'size' | 'root'>[],
): LedgerProvider {
  const logs = checkpoints.map(({ log: name, size, root }, place) => ({
    address: network.contracts.evidence,
    topics: encodeEventTopics({
      abi: evidenceAbi,
      eventName: 'Checkpointed',
      args: { log: logOf(network, name).log.id },
    }),
    data: encodeAbiParameters([{ type: 'uint64' }, { type: 'bytes32' }], [BigInt(size), root]),
    blockNumber: '0x1',
    transactionHash: `0x${'ab'.repeat(32)}`,
    logIndex: `0x${place.toString(16)}`,
  }));
  const answers = new Map<string, unknown>([
    ['eth_blockNumber', '0x1'],
    ['eth_getLogs', logs],
  ]);
  return { request: async ({ method }) => await Promise.resolve(answers.get(method)) };
}
