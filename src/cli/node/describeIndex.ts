import {
  differingIndexes,
  type DifferingIndexes,
} from '../../protocol/operator/differingIndexes.ts';
import type { OperatorIndex } from '../../protocol/operator/OperatorPort.ts';

/**
 * Says of a node's index of the ledger whether those of other organisations are the same, and what to do if not.
 *
 * @param index - As the node's state has it; undefined until the node is open.
 */
export function describeIndex(index: OperatorIndex | undefined): readonly string[] {
  if (index === undefined) return [];
  const { newest, compared } = index;
  const own = newest && `${newest.digest} at block ${newest.block}`;
  const differing = differingIndexes(compared);
  return [
    `Index   ${own ?? 'no digest yet'}`,
    ...compared.map(
      ({ organisation, block, same }) =>
        `        ${same ? 'the same as' : 'DIFFERS from'} that of ${organisation} at block ${block}`,
    ),
    ...(differing.names.length === 0 ? [] : [adviceOn(differing)]),
  ];
}

function adviceOn({ isOurs }: DifferingIndexes): string {
  return isOurs
    ? '        Call the operators. If theirs are the same, rebuild this one: stop the node, delete node/ledger/index in its folder, start it.'
    : '        Call the operators of those that differ: theirs must be rebuilt.';
}
