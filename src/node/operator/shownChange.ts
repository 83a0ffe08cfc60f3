import type { SigningContext } from '../../protocol/struct/signing.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { countSuccessor, signingOffices } from '../../protocol/network/countSuccessor.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import type { ChangeShown } from '../../protocol/operator/OperatorPort.ts';
import type { Succession } from '../../services/succession/Succession.ts';

/**
 * Examines a change of the network, and says who signed it and who has not.
 *
 * @param context - Hashes and the curve.
 * @param succession - The network files that the node knows: the change follows the newest.
 * @param successor - Of the right shape, not trusted.
 * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`.
 */
export function shownChange(
  context: Pick<SigningContext, 'primitives'>,
  { files }: Pick<Succession, 'files'>,
  successor: Successor,
): ChangeShown {
  const predecessor = files.at(-1);
  if (predecessor === undefined) throw new MedsealError('CLOSED', { what: 'node' });
  const { network, message, signers, missing } = countSuccessor(context, predecessor, successor);
  const [before, after] = [organisationsNamed(predecessor), organisationsNamed(network)];
  const signed = new Set(signers.map(({ address }) => address));
  return {
    number: message.number,
    from: message.from,
    fingerprint: message.successor,
    joins: after.filter((name) => !before.includes(name)),
    leaves: before.filter((name) => !after.includes(name)),
    adds: furtherContractsOf(successor.contracts ?? {}),
    ...(successor.engine && { engine: successor.engine }),
    offices: signingOffices(predecessor, network, successor).map(
      ({ kind, channel, of, office }) => ({
        kind,
        ...(of !== undefined && { of }),
        ...(channel !== undefined && { channel }),
        threshold: office.threshold,
        members: office.members.map(({ organisation, address }) => ({
          organisation,
          signed: signed.has(address),
        })),
      }),
    ),
    complete: missing.length === 0,
  };
}

/** The organisations of a network file; those of the authority in older files, which name no nodes. */
export function organisationsNamed(network: NetworkFile): readonly string[] {
  const nodes = presentNodes(network);
  const named = nodes.length === 0 ? network.authority.members : nodes;
  return [...new Set(named.map(({ organisation }) => organisation))];
}
