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
  const differing = compared.filter(({ same }) => !same).length;
  return [
    `Index   ${own ?? 'no digest yet'}`,
    ...compared.map(
      ({ organisation, block, same }) =>
        `        ${same ? 'the same as' : 'DIFFERS from'} that of ${organisation} at block ${block}`,
    ),
    ...(differing === 0 ? [] : [adviceOn(differing, compared.length - differing)]),
  ];
}

/** The advice to the operator of an index that is that of so many others, and not that of so many. */
function adviceOn(differing: number, same: number): string {
  if (same + 1 > differing)
    return '        Call the operators of those that differ: theirs must be rebuilt.';
  return '        Call the operators. If theirs are the same, rebuild this one: stop the node, delete node/ledger/index in its folder, start it.';
}
