import type { Address, LogName, Organisation } from '../ids.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { officesOf } from './officesOf.ts';

/**
 * Returns the organisation whose coordinator an address was at a moment, for the entries of a log.
 *
 * @param network - The network file.
 * @param log - The log's name.
 * @param address - The coordinator's.
 * @param at - The moment, Unix seconds.
 * @returns Undefined if it was not in office then.
 * @throws MedsealError `NOT_FOUND` if the network file names no such log.
 */
export function coordinatorAt(
  network: NetworkFile,
  log: LogName,
  address: Address,
  at: number,
): Organisation | undefined {
  return officesOf(network, log)
    .filter(({ from, until }) => at >= from && at < until)
    .flatMap(({ channel }) => channel.coordinators)
    .find((each) => each.address === address)?.organisation;
}
