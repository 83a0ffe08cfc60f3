import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { keepsLedger, parseFounding, type Founding } from '../../folder/Founding.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { prepareContracts } from '../founding/prepareContracts.ts';
import { readNetwork } from '../founding/readNetwork.ts';
import { requireAdded, requireContracts } from '../founding/requireContracts.ts';
import type { NodeFolder, OrganisationHome } from '../NodeFolder.ts';
import { openFoundersLedger, sendersOf, type FoundersLedger } from '../nodeLedger.ts';
import type { RemoteOrganisations } from '../remoteOrganisations.ts';
import { homeIn } from '../succession/homeIn.ts';
import { openSuccession } from '../succession/openSuccession.ts';

/** Options of `reachLedger`. */
export interface ReachOptions {
  readonly folder: NodeFolder;
  /** Access to a ledger that is elsewhere. */
  readonly far: Pick<RemoteOrganisations, 'ledger'> | undefined;
  /** The successors of the folder's network file, if they are open already. */
  readonly succession: Succession | undefined;
  readonly ports: NodePorts;
}

/** A folder's network and its ledger. */
export interface ReachedLedger {
  /** The ledger that the folder holds, if it does; to be closed. */
  readonly own: FoundersLedger | undefined;
  readonly provider: LedgerProvider;
  readonly succession: Succession;
  /** The network file in force. */
  readonly network: NetworkFile;
  /** The organisations of the folder, with the keys that the network file names. */
  readonly homes: readonly OrganisationHome[];
}

/**
 * Opens the ledger of a folder, or waits until the one that is elsewhere can be reached, with the contracts of the folder's
 * network.
 *
 * @param options - The folder, and access to a ledger elsewhere.
 * @throws MedsealError as `openNode` does.
 */
export async function reachLedger(options: ReachOptions): Promise<ReachedLedger> {
  const { folder, ports } = options;
  const { files } = folder;
  const written = await readJsonFile(files, 'founding.json');
  const founding = written === undefined ? undefined : parseFounding(written, files.path);
  const own =
    founding && keepsLedger(founding)
      ? await openFoundersLedger(folder, founding, ports)
      : undefined;
  try {
    return await reach(options, founding, own);
  } catch (error) {
    await own?.close();
    throw error;
  }
}

async function reach(
  { folder, far, succession: known, ports }: ReachOptions,
  founding: Founding | undefined,
  own: FoundersLedger | undefined,
): Promise<ReachedLedger> {
  const { files } = folder;
  const began = await readNetwork(folder, founding, own, ports);
  const succession = known ?? (await openSuccession(files, began, ports));
  const network = succession.inForce(seconds(ports.clock));
  const homes = folder.homes.map((home) => homeIn(network, home));
  const [first] = homes;
  if (first === undefined) throw new MedsealError('NETWORK_FILE_INVALID', { reason: 'no channel' });
  const prepare = async (ledger: LedgerProvider): Promise<void> => {
    const accounts = sendersOf(folder, ledger, network.ledger.chainId, ports);
    const founder = founding && accounts.get(first.organisation);
    await prepareContracts(began, ledger, founder);
  };
  const provider = own?.ledger ?? (await far?.ledger(network, first, prepare));
  if (provider === undefined) throw new MedsealError('LEDGER_UNREACHABLE', {});
  if (own === undefined) {
    await requireContracts(files, began, provider, ports.primitives, succession.files);
    await requireAdded(files, network, began.contracts, provider, ports.primitives);
  }
  return { own, provider, succession, network, homes };
}
