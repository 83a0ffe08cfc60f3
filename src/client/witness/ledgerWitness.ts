import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readCheckpointed } from '../../bindings/readCheckpointed.ts';
import type { LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { LogWitness } from './LogWitness.ts';

/**
 * Makes a witness from the `Evidence` contract: the node must show every checkpoint that the contract took with the
 * same root and transaction, and no other.
 *
 * @param network - The pinned network file.
 * @param provider - The ledger.
 * @param log - The log.
 * @throws MedsealError `NOT_FOUND` if the network has no such log; from its methods `LEDGER_UNREACHABLE`,
 * `LEDGER_REJECTED`.
 * @example
 * ```ts
 * const { chainId } = network.ledger;
 * const ledger = await connectJsonRpc({ ...webPorts, url: 'http://127.0.0.1:8545', chainId });
 * const witness = ledgerWitness(network, ledger, 'care/hospital');
 * const { faults } = await examineLog(auditor, agent, 'care/hospital', [witness]);
 * ```
 */
export function ledgerWitness(
  network: NetworkFile,
  provider: LedgerProvider,
  log: LogName,
): LogWitness {
  const { id } = logOf(network, log).log;
  /** Number of entries that it held when it was first asked. */
  let before = 0;

  return {
    name: 'the ledger',
    async size() {
      before = (await readCheckpointed(provider, network.contracts, id)).at(-1)?.size ?? 0;
      return before;
    },
    async compare({ placed, roots, size }) {
      const faults: string[] = [];
      const all = await readCheckpointed(provider, network.contracts, id);
      const held = new Map(all.map((each) => [each.size, each]));
      if (before > size) faults.push(`the ledger holds ${before} entries, the node serves ${size}`);
      for (const each of all.filter((one) => one.size <= size)) {
        const root = roots.get(each.size);
        if (root === each.root) continue;
        const what = root === undefined ? 'a checkpoint that the node hides' : 'another history';
        faults.push(`the ledger holds ${what}, of ${each.size} entries`);
      }
      for (const { checkpoint, ledger } of placed) {
        const there = held.get(checkpoint.size);
        if (there?.transaction === ledger.transaction && there.block === ledger.block) continue;
        const where = there === undefined ? 'not on the ledger' : 'in another transaction';
        faults.push(`the checkpoint of ${checkpoint.size} entries is ${where}`);
      }
      return { faults, unchecked: [] };
    },
  };
}
