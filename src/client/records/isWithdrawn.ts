import type { Party } from '../party/Party.ts';
import type { ChartRecord } from './viewChart.ts';
import { EMPTY_PAYLOAD } from '../../crypto/sealing/ageHeader.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { GUARDED_HEADER_LENGTH } from '../../crypto/threshold/readGuardedHeader.ts';
import type { LogName } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/** A record version, as far as it tells whether it leaves anything. */
type Withdrawable = Pick<ChartRecord, 'version' | 'size' | 'at' | 'acknowledgement'>;

const sizes = new WeakMap<Party, Promise<number>>();

/**
 * Tells whether a record version leaves nothing of the record: what is sealed is as long as nothing sealed is, whoever it
 * is sealed to.
 *
 * @param party - Whoever asks.
 * @param record - The version.
 * @example
 * ```ts
 * const { records } = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * for (const each of newestOfEach(records)) {
 *   if (await isWithdrawn(doctor, each)) console.log(`${each.record} is withdrawn`);
 * }
 * ```
 */
export async function isWithdrawn(
  party: Party,
  { version, size, at, acknowledgement }: Withdrawable,
): Promise<boolean> {
  if (version === 1) return false;
  if (isGuardedAt(party.network, acknowledgement.log, at))
    return size === GUARDED_HEADER_LENGTH + EMPTY_PAYLOAD;
  const { recipient, cipher } = party;
  const nothing =
    sizes.get(party) ??
    sealBytes([recipient], new Uint8Array(), { ...(cipher && { cipher }) }).then(
      ({ length }) => length,
    );
  sizes.set(party, nothing);
  return size === (await nothing);
}

/** Tells whether what was written to a log at a moment opens by a release alone: its header is longer, and always as long. */
function isGuardedAt({ before = [], channels }: NetworkFile, log: LogName, at: number): boolean {
  const then = before.find(({ until }) => at < until)?.channels ?? channels;
  return then.some(({ logs, release }) => {
    return release !== undefined && logs.some(({ name }) => name === log);
  });
}
