import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import type { OperatorMember } from '../../protocol/operator/OperatorPort.ts';
import type { Succession } from '../../services/succession/Succession.ts';
import { organisationsNamed } from './shownChange.ts';

/**
 * Returns the organisations of a network: those of the file in force, each with the moment since when it is there without a
 * break, and those that the next file brings.
 *
 * @param succession - The network files that the node knows.
 * @param inForce - The file in force.
 */
export function membersIn(
  { files, successors }: Pick<Succession, 'files' | 'successors'>,
  inForce: NetworkFile,
): readonly OperatorMember[] {
  const fromOf = (file: NetworkFile): number | undefined =>
    successors.find(({ number }) => number === numberOf(file))?.from ?? file.ledger.timestamp;
  const past = files.filter((file) => numberOf(file) <= numberOf(inForce));
  const next = files.find((file) => numberOf(file) === numberOf(inForce) + 1);
  const nextNames = next && organisationsNamed(next);
  const present = organisationsNamed(inForce).map((organisation): OperatorMember => {
    const gap = past.findLastIndex((file) => !organisationsNamed(file).includes(organisation));
    const first = past[gap + 1];
    const since = first && fromOf(first);
    const until = next && nextNames?.includes(organisation) === false ? fromOf(next) : undefined;
    return {
      organisation,
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    };
  });
  const names = new Set(present.map(({ organisation }) => organisation));
  const since = next && fromOf(next);
  const joining = (nextNames ?? [])
    .filter((organisation) => !names.has(organisation))
    .map((organisation) => ({ organisation, ...(since !== undefined && { since }) }));
  return [...present, ...joining];
}
