import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
import { openSender, type Sender } from '../ledger/openSender.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { Founding } from '../folder/Founding.ts';
import type { NodeFolder } from './NodeFolder.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import { SenderAdmission } from './SenderAdmission.ts';

/** The ledger that a founder's folder holds. */
export interface FoundersLedger {
  readonly ledger: EmbeddedLedger;
  /** Decides whose transactions it takes. */
  readonly admission: SenderAdmission;
  /** Ends work that is under way and closes the database. */
  close(): Promise<void>;
}

/**
 * Opens the embedded ledger of the founder's folder.
 *
 * @param folder - The founder's folder.
 * @param founding - The network's founding.
 * @param ports - Clock and hashes.
 * @throws MedsealError `FOLDER_UNWRITABLE`, `LEDGER_OTHER`.
 */
export async function openFoundersLedger(
  folder: NodeFolder,
  founding: Founding,
  { clock, primitives }: NodePorts,
): Promise<FoundersLedger> {
  const accounts = new Map(
    founding.others?.map(({ organisation, sender }) => [organisation, sender]),
  );
  for (const { organisation, keys } of folder.homes) {
    accounts.set(organisation, keys.sender.address);
  }
  const senders = founding.organisations.flatMap((name) => accounts.get(name) ?? []);
  const admission = new SenderAdmission(senders);
  const place = await folder.part('node/ledger');
  const database = await place.database('chain');
  try {
    const ledger = await openEmbeddedLedger({
      database,
      chainId: founding.chainId,
      genesis: { timestamp: founding.timestamp, senders },
      clock,
      primitives,
      maySend: async (account) => await admission.maySend(account),
    });
    const close = async (): Promise<void> => {
      await ledger.close();
      await database.close();
    };
    return { ledger, admission, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * The accounts of a folder's organisations.
 *
 * @param folder - The folder.
 * @param provider - The ledger, as they reach it.
 * @param chainId - EIP-155 chain id.
 * @param ports - Clock and curve.
 * @param ended - Ends their wait for blocks; never if absent.
 */
export function sendersOf(
  folder: Pick<NodeFolder, 'homes'>,
  provider: LedgerProvider,
  chainId: number,
  { clock, primitives }: NodePorts,
  ended?: AbortSignal,
): ReadonlyMap<Organisation, Sender> {
  return new Map(
    folder.homes.map(({ organisation, keys }) => [
      organisation,
      openSender({ provider, chainId, secret: keys.sender.signingKey, primitives, clock, ended }),
    ]),
  );
}
