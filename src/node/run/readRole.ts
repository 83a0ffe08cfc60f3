import { keepsLedger, type Founding } from '../../folder/Founding.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Configuration } from '../configuration/Configuration.ts';
import { readNodes } from '../founding/ceremony.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import { openValidatorNetwork, type ValidatorNetwork } from '../validator/validatorNetwork.ts';

/** The part that a folder's process has in its network. */
export interface FolderRole {
  /** The organisations of the folder. */
  readonly hosts: readonly Organisation[];
  /** True if they are all that the network has: nobody else is to be reached. */
  readonly alone: boolean;
  /** Addresses of the nodes as the network was founded. */
  readonly founded: ReadonlyMap<Organisation, string>;
  /** The network whose validator runs in this process, if one does. */
  readonly validating: ValidatorNetwork | undefined;
  /** URL of the ledger, if it is neither in the folder nor at another organisation's node. */
  readonly ledgerUrl: string | undefined;
  /** The ledger that tools of this machine are served, if any: that of the folder, or the answers of another one. */
  readonly serves: 'own' | 'relayed' | undefined;
}

/**
 * Reads from a folder and its settings what part its process has. A malformed file is told of when the node is opened.
 *
 * @param folder - The folder.
 * @param configuration - Its settings.
 * @param ports - Clock, hashes and the curve.
 */
export async function readRole(
  { files, homes }: Pick<NodeFolder, 'files' | 'homes'>,
  { ledger, validator }: Pick<Configuration, 'ledger' | 'validator'>,
  ports: NodePorts,
): Promise<FolderRole> {
  const network = await openValidatorNetwork(files, ports).catch(() => undefined);
  const founding = await readJsonFile(files, 'founding.json').catch(() => undefined);
  const isKeeper = founding !== undefined && keepsLedger(founding as Founding);
  const validating = ledger.url === undefined ? network : undefined;
  const isRelay = network === undefined && !isKeeper && ledger.serve === 'always';
  return {
    hosts: homes.map(({ organisation }) => organisation),
    alone: (await files.size('nodes.json')) === undefined,
    founded: await readNodes(files),
    validating,
    ledgerUrl: validating ? `http://127.0.0.1:${validator.rpcPort}` : ledger.url,
    serves: isKeeper ? 'own' : isRelay ? 'relayed' : undefined,
  };
}
