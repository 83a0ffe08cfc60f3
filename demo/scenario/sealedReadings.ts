import { pinOfDevice } from '../../src/client/devices/pinOfDevice.ts';
import { prepareReadings } from '../../src/client/devices/prepareReadings.ts';
import { sealReadings } from '../../src/client/devices/sealReadings.ts';
import { submitReadings } from '../../src/client/devices/submitReadings.ts';
import { sealVersion } from '../../src/client/records/sealVersion.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Bytes32, Handle } from '../../src/protocol/ids.ts';
import type { Grant, Write } from '../../src/protocol/struct/requests.ts';
import { parseReadingsMessage } from '../../src/protocol/sensors/parseReadingsMessage.ts';
import {
  requireDeviceKeys,
  type DeviceKeys,
} from '../../src/protocol/sensors/requireDeviceKeys.ts';
import { signKeysAsked } from '../../src/protocol/sensors/signKeysAsked.ts';
import type { MessageSigned } from '../../src/protocol/sensors/signReadings.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import type { CastMember } from './Cast.ts';
import type { DeviceWire, ScenarioDevice } from './DeviceWire.ts';
import { SENSOR_BATCH, SENSOR_PAPER, SENSOR_PULSE } from './signedReadings.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/** A device that seals its readings, and those around it. */
export interface SealingScenario {
  readonly patient: CastMember;
  readonly gateway: CastMember;
  readonly device: ScenarioDevice;
  /** Digest of the device's right. */
  readonly grant: Bytes32;
  readonly handle: Handle;
}

/** Asks for keys as the device does, which has its patient's pin, and requires that they are proved. */
export async function keysOfDevice(
  runner: StepRunner,
  wire: DeviceWire,
  { patient: { party }, device, grant, handle }: SealingScenario,
): Promise<DeviceKeys> {
  return await runner.accepted(
    stepOf(
      'It asks whom to seal to, and believes what coordinators sign about its patient’s chart',
      SENSOR_PAPER,
      { name: 'device' },
    ),
    async () => {
      const nonce = bytesToHex(party.random(32));
      const wanted = { device: device.address, grant, nonce };
      const question = signKeysAsked(party.primitives, device.signingKey, wanted);
      const told = await wire.askKeys(device, question);
      const pin = pinOfDevice(party, handle);
      const now = seconds(party.clock);
      const value = requireDeviceKeys(party.primitives, pin, { ...wanted, now }, told);
      return { value, detail: `${value.category} of epoch ${value.epoch}` };
    },
  );
}

/** Ten readings from a number on, as the device seals them. */
export async function sealedBatch(
  { patient: { party }, device: { address, signingKey }, handle }: SealingScenario,
  keys: DeviceKeys,
  previous: Bytes32,
  { first, from }: { readonly first: number; readonly from: number },
): Promise<MessageSigned> {
  const start = (from + first) * 1000;
  const lines = Array.from({ length: SENSOR_BATCH }, (_, place) =>
    JSON.stringify({ at: start + place * 1000, code: SENSOR_PULSE, value: 66 + (place % 4) }),
  );
  const times = { clock: 'set', start, end: start + (SENSOR_BATCH - 1) * 1000 } as const;
  const about = { boot: 1, first, previous, ...times };
  const batch = { about, lines, handle, device: { address } };
  return await sealReadings(party, signingKey, keys, batch);
}

/** Has the gateway submit a sealed batch with another file, which it sealed itself. */
export async function swapFile(
  { gateway: { party } }: SealingScenario,
  grant: Grant,
  bytes: Uint8Array,
): Promise<void> {
  const message = parseReadingsMessage(party.primitives, bytes);
  const [prepared] = await prepareReadings(party, [{ grant, message }]);
  if (prepared === undefined) throw new MedsealError('NOT_FOUND', { what: 'batch' });
  const { record, submission } = prepared;
  const write = submission.request.message as Write;
  const { handle, category, purpose } = write;
  const version = { handle, category, purpose, grant, content: bytes };
  const { file, size } = await sealVersion(party, record, version);
  const request = sign(party, party, 'Write', { ...write, file, size });
  const [answer] = await submitReadings(party, [
    { record, submission: { ...submission, request } },
  ]);
  if (answer instanceof MedsealError) throw answer;
}
