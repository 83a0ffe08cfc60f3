import type { LogPlace } from '../../protocol/AgentPort.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { MAX_AFTER } from '../../protocol/shapes/askedShapes.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';

/**
 * Seconds for which a device remembers an acknowledged entry: copies have it by then. A node that invented an index can
 * delay readers elsewhere for that long.
 */
const REMEMBERED = 600;

/** Newest acknowledged entry of a log that a device knows. */
const NEWEST = {
  index: 'count',
  /** Time of the acknowledgement by the device's clock, Unix seconds. */
  at: 'count',
} as const;
type Newest = Of<typeof NEWEST>;

/**
 * Stores on the device the newest acknowledged entry of a log, so that it can be read at other organisations too: one
 * value for each log of the network.
 *
 * @param party - The author.
 * @param acknowledgement - Verified acknowledgement.
 */
export async function rememberAcknowledged(
  party: Pick<Party, 'device' | 'network' | 'clock'>,
  { log, index }: Pick<Acknowledgement, 'log' | 'index'>,
): Promise<void> {
  // The acknowledgement is valid even if the device cannot store it; a reader then waits longer.
  await aloneOn(party.device, async () => {
    const known = await recallNewest(party, log);
    if (known === undefined || known.index < index) {
      const newest: Newest = { index, at: seconds(party.clock) };
      await party.device.write(nameOf(party, log), newest);
    }
  }).catch(() => undefined);
}

/**
 * Returns the newest entry of each log that was lately acknowledged to a device.
 *
 * @param party - Device with its network, clock and log, which names the channel.
 * @example
 * ```ts
 * const places = await recallAcknowledged(doctor);
 * for (const { log, index } of places) console.log(`${log} #${index} is acknowledged`);
 * ```
 */
export async function recallAcknowledged(
  party: Pick<Party, 'device' | 'network' | 'clock' | 'log'>,
): Promise<readonly LogPlace[]> {
  const places: LogPlace[] = [];
  for (const { name: log } of logOf(party.network, party.log).channel.logs) {
    const known = await recallNewest(party, log);
    if (known !== undefined) places.push({ log, index: known.index });
  }
  return places.slice(0, MAX_AFTER);
}

async function recallNewest(
  party: Pick<Party, 'device' | 'network' | 'clock'>,
  log: LogName,
): Promise<Newest | undefined> {
  const value = await party.device.read(nameOf(party, log));
  if (!isOfShape(NEWEST, value)) return undefined;
  return Math.abs(seconds(party.clock) - value.at) > REMEMBERED ? undefined : value;
}

function nameOf({ network }: Pick<Party, 'network'>, log: LogName): string {
  return `acknowledged-${logOf(network, log).log.id}`;
}
