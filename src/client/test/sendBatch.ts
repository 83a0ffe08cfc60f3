import { utf8ToBytes } from '../../crypto/bytes.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { bundleOfReadings } from '../../fhir/sensors/bundleOfReadings.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { signedReadings } from '../../protocol/test/sampleReadings.ts';
import { addReadings } from '../devices/addReadings.ts';
import type { DeviceBound } from '../devices/bindDevice.ts';
import type { Party } from '../party/Party.ts';

/** Readings of a batch, one each second. */
const READINGS = 10;

/** Milliseconds of such a batch. */
export const BATCH = READINGS * 1000;

/** The device, its gateway, and the right that binds it. */
interface Sending {
  readonly gateway: Party;
  readonly bound: DeviceBound;
  readonly sensor: { readonly address: Address; readonly signingKey: Uint8Array };
}

/**
 * Has a gateway put a batch of ten readings of a pulse on a chart.
 *
 * @param sending - The device, its gateway, and its right.
 * @param first - Number of its first reading.
 * @param from - Moment of that, Unix milliseconds.
 * @param category - One of the right; its first if absent.
 */
export async function sendBatch(
  { gateway, bound, sensor }: Sending,
  first: number,
  from: number,
  category?: Category,
): Promise<void> {
  const lines = Array.from(
    { length: READINGS },
    (_, place) => `{"at":${from + place * 1000},"code":149530,"value":${60 + place}}`,
  );
  const message = signedReadings(
    {
      grant: bound.digest,
      boot: 1,
      first,
      count: lines.length,
      clock: 'set',
      start: from,
      end: from + BATCH - 1,
      previous: ZERO32,
      root: readingsRoot(gateway.primitives, lines),
      file: ZERO32,
    },
    sensor,
  );
  const head = JSON.stringify({ format: 'medseal-readings/1', ...message });
  const bytes = utf8ToBytes([head, ...lines, ''].join('\n'));
  const { handle } = bound.grant;
  const taken = { handle, device: { address: sensor.address }, takenAt: from };
  const content = utf8ToBytes(exactJson(bundleOfReadings(gateway.primitives, bytes, taken)));
  await addReadings(gateway, {
    grant: bound.grant,
    message,
    content,
    ...(category && { category }),
  });
}
