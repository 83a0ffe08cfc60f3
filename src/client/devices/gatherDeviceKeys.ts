import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import type { KnownRight } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';

/**
 * Gathers for a device what it needs to seal its readings: what coordinators sign over the device's nonce about chart and
 * right, and the present recipients. Nothing of it is verified here: the device does that (`requireDeviceKeys`).
 *
 * @param party - The gateway.
 * @param right - The right that binds the device.
 * @param nonce - 32 random bytes of the device.
 * @throws MedsealError `KEY_PENDING` if nobody knows the chart, or it has no keys yet; `PEER_UNREACHABLE`.
 * @example
 * ```ts
 * const told = await gatherDeviceKeys(doctor, { grant, digest }, wanted.nonce);
 * console.log(`epoch ${told.sheet.sheet.epoch}`);
 * ```
 */
export async function gatherDeviceKeys(
  { agent }: Pick<Party, 'agent'>,
  { grant, digest }: Pick<KnownRight, 'grant' | 'digest'>,
  nonce: Bytes32,
): Promise<KeysTold> {
  const { handle } = grant;
  const facts = await agent.facts({ nonce, handle, grant: digest });
  const epoch = Math.max(0, ...facts.map((each) => each.facts.patient?.epoch ?? 0));
  if (epoch === 0) throw new MedsealError('KEY_PENDING', {});
  const [sheet, successors] = await Promise.all([
    agent.sheet({ handle, epoch }),
    agent.successors(),
  ]);
  return { format: 'medseal-keys/2', nonce, grant, facts, sheet, successors };
}
