import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/**
 * Returns the organisations of a network that are in office and whose nodes are elsewhere; the logs of those that left
 * stay.
 *
 * @param network - The network file.
 * @param hosts - The organisations of this process.
 */
export function othersIn(
  network: NetworkFile,
  hosts: readonly Organisation[],
): readonly Organisation[] {
  const all = network.channels.flatMap(({ coordinators }) =>
    coordinators.map(({ organisation }) => organisation),
  );
  return [...new Set(all)].filter((name) => !hosts.includes(name));
}
