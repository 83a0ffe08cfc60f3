import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { bundleOfReadings } from '../../fhir/sensors/bundleOfReadings.ts';
import { BEGIN } from '../../node/test/testNetwork.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import { requireDeviceKeys } from '../../protocol/sensors/requireDeviceKeys.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { signedReadings } from '../../protocol/test/sampleReadings.ts';
import { addReadings } from '../devices/addReadings.ts';
import { bindDevice } from '../devices/bindDevice.ts';
import { gatherDeviceKeys } from '../devices/gatherDeviceKeys.ts';
import { pinOfDevice } from '../devices/pinOfDevice.ts';
import { sealReadings } from '../devices/sealReadings.ts';
import type { Party } from '../party/Party.ts';

/** A device with its batch on a chart. */
export interface BatchAdded {
  /** Its address. */
  readonly device: string;
  /** The line that it signed. */
  readonly line: string;
}

const START = BEGIN * 1000;
const UNTIL = BEGIN + 3600;

/**
 * Puts the batch of a device that seals its readings on a chart, and that of another one, which the gateway seals.
 *
 * @param patient - Binds the devices.
 * @param gateway - Brings the batches.
 * @returns The batches, by who sealed them.
 */
export async function addBatches(
  patient: Party,
  gateway: Party,
): Promise<Readonly<Record<'a device' | 'a gateway', BatchAdded>>> {
  return {
    'a device': await sealedByDevice(patient, gateway),
    'a gateway': await sealedByGateway(patient, gateway),
  };
}

const TERMS = { categories: ['vitals'], until: UNTIL } as const;

async function sealedByDevice(patient: Party, gateway: Party): Promise<BatchAdded> {
  const { address, signingKey } = signatory('a device that seals');
  const device = { address };
  const bound = await bindDevice(patient, { device, gateway: gateway.address, ...TERMS });
  const { grant, digest } = bound;
  const nonce = bytesToHex(patient.random(32));
  const told = await gatherDeviceKeys(gateway, bound, nonce);
  const wanted = { device: address, grant: digest, nonce, now: BEGIN };
  const pin = pinOfDevice(patient, grant.handle);
  const keys = requireDeviceKeys(patient.primitives, pin, wanted, told);
  const line = `{"at":${START},"code":149530,"value":61.0}`;
  const { bytes } = await sealReadings(patient, signingKey, keys, {
    about: { boot: 1, first: 0, clock: 'set', start: START, end: START + 1, previous: ZERO32 },
    lines: [line],
    handle: grant.handle,
    device,
  });
  const message = parseReadingsMessage(patient.primitives, bytes);
  await addReadings(gateway, { grant, message });
  return { device: address, line };
}

async function sealedByGateway(patient: Party, gateway: Party): Promise<BatchAdded> {
  const sensor = signatory('a device that does not seal');
  const device = { address: sensor.address };
  const { grant, digest } = await bindDevice(patient, {
    device,
    gateway: gateway.address,
    ...TERMS,
  });
  const line = `{"at":${START},"code":149530,"value":62.0}`;
  const message = signedReadings(
    {
      grant: digest,
      boot: 1,
      first: 0,
      count: 1,
      clock: 'set',
      start: START,
      end: START + 1,
      previous: ZERO32,
      root: readingsRoot(gateway.primitives, [line]),
      file: ZERO32,
    },
    sensor,
  );
  const head = JSON.stringify({ format: 'medseal-readings/1', ...message });
  const bytes = utf8ToBytes([head, line, ''].join('\n'));
  const taken = { handle: grant.handle, device, takenAt: START };
  const bundle = bundleOfReadings(gateway.primitives, bytes, taken);
  await addReadings(gateway, { grant, message, content: utf8ToBytes(exactJson(bundle)) });
  return { device: sensor.address, line };
}
