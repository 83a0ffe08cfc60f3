import type { Party } from '../party/Party.ts';
import type { ChartRecord } from './viewChart.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';

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
  { version, size }: Pick<ChartRecord, 'version' | 'size'>,
): Promise<boolean> {
  if (version === 1) return false;
  const { recipient, cipher } = party;
  const nothing =
    sizes.get(party) ??
    sealBytes([recipient], new Uint8Array(), { ...(cipher && { cipher }) }).then(
      ({ length }) => length,
    );
  sizes.set(party, nothing);
  return size === (await nothing);
}
