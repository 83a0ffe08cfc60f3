import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/**
 * Returns the addresses of the nodes of a network: those of its founding, those of the network file in force, which are
 * newer, and the operator's own settings, which count first.
 *
 * @param founded - As the network was founded.
 * @param present - The network file in force, if it is known.
 * @param settings - The operator's.
 */
export function nodeAddresses(
  founded: ReadonlyMap<Organisation, string>,
  present: Pick<NetworkFile, 'nodes'> | undefined,
  settings: Readonly<Record<Organisation, string>>,
): ReadonlyMap<Organisation, string> {
  const named = (present?.nodes ?? []).flatMap(({ organisation, url }) =>
    url === undefined ? [] : [[organisation, url] as const],
  );
  return new Map([...founded, ...named, ...Object.entries(settings)]);
}
