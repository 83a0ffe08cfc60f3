import type { Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { nodeReason, type NodeReason } from '../../protocol/operator/nodeReasons.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import type { ValidatorProcess } from './superviseValidator.ts';

/**
 * Returns the reason to wait of a node whose validator has another key than the network names, as in a folder that was restored: no
 * backup has that key. The other validators take no new one as a peer, and the ledger gives it no vote, until a change names it.
 *
 * @param validator - The organisation's validator.
 * @param succession - The network file in force, and those to come.
 * @param organisations - Those of this node.
 * @param at - Now, Unix seconds.
 * @returns Nothing if a file names its key, or no file in force names a validator of it.
 */
export function unnamedKey(
  validator: Pick<ValidatorProcess, 'key'> | undefined,
  succession: Pick<Succession, 'files' | 'inForce'> | undefined,
  organisations: Iterable<Organisation>,
  at: number,
): readonly NodeReason[] {
  if (validator === undefined || succession === undefined) return [];
  const own = new Set(organisations);
  const keysIn = (network: NetworkFile): readonly string[] =>
    presentNodes(network).flatMap((each) =>
      own.has(each.organisation) && each.validator ? [each.validator.key] : [],
    );
  const { files } = succession;
  const present = succession.inForce(at);
  const all = files.slice(files.indexOf(present)).flatMap(keysIn);
  if (keysIn(present).length === 0 || all.includes(validator.key)) return [];
  const [name = ''] = own;
  return [nodeReason('validator-unnamed', { name })];
}
