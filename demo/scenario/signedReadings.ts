import { readAudit } from '../../src/client/audit/readAudit.ts';
import { addReadings } from '../../src/client/devices/addReadings.ts';
import type { DeviceBound } from '../../src/client/devices/bindDevice.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import type { GrantGiven } from '../../src/client/rights/grantRight.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { ZERO32, type Bytes32, type Handle } from '../../src/protocol/ids.ts';
import type { LogPlace } from '../../src/protocol/AgentPort.ts';
import { followDevices } from '../../src/protocol/sensors/followDevices.ts';
import { parseReadingsMessage } from '../../src/protocol/sensors/parseReadingsMessage.ts';
import { LONGEST_MESSAGE } from '../../src/protocol/sensors/ReadingsMessage.ts';
import { signReadings, type MessageSigned } from '../../src/protocol/sensors/signReadings.ts';
import type { CastMember } from './Cast.ts';
import type { DeviceWire, ScenarioDevice } from './DeviceWire.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/** The papers' part that the steps are of. */
export const SENSOR_PAPER = 'P1 sensor';
/** Readings of a batch, one each second. */
export const SENSOR_BATCH = 10;
/** Seconds of an hour. */
const HOUR = 3600;
/** MDC code of a pulse rate. */
export const SENSOR_PULSE = 149_530;

/** A wearable that is bound, and those around it. */
export interface PlayedWearable {
  readonly runner: StepRunner;
  readonly wire: DeviceWire;
  readonly patient: CastMember;
  readonly gateway: CastMember;
  readonly device: ScenarioDevice;
  /** The device's right, as the broker told it. */
  readonly grant: Bytes32;
  /** The same, as it was given. */
  readonly bound: Pick<DeviceBound, 'grant'>;
  /** The doctor's right to read. */
  readonly right: Pick<GrantGiven, 'grant' | 'digest'>;
  readonly handle: Handle;
  /** Time of the first reading, and now, in seconds. */
  readonly from: number;
  readonly now: number;
}

/** Choices of a batch that differ from the device's next. */
interface BatchChoice {
  readonly of?: ScenarioDevice;
  readonly under?: Bytes32;
  /** Time of its first reading, milliseconds. */
  readonly at?: number;
  readonly pulse?: number;
}

/** Has the device sign a batch that begins at a number. */
export function batchOf(
  { patient, device, grant, from }: PlayedWearable,
  number: number,
  previous: Bytes32,
  choice: BatchChoice = {},
): MessageSigned {
  const { of = device, under = grant, at = from * 1000 + number * 1000, pulse = 64 } = choice;
  const { primitives } = patient.party;
  const lines = Array.from({ length: SENSOR_BATCH }, (_, place) =>
    JSON.stringify({ at: at + place * 1000, code: SENSOR_PULSE, value: pulse + (place % 4) }),
  );
  const times = { clock: 'set', start: at, end: at + (SENSOR_BATCH - 1) * 1000 } as const;
  const about = { grant: under, boot: 1, first: number, previous, ...times };
  return signReadings({ primitives }, of.signingKey, about, lines);
}

/** Has a device send a batch, which goes to the chart. */
export async function isSent(
  { runner, wire, device }: PlayedWearable,
  name: string,
  message: MessageSigned,
): Promise<LogPlace> {
  return await runner.accepted(deviceStep(name), async () => {
    const place = await wire.send(device, message);
    return { value: place, detail: `${SENSOR_BATCH} readings at ${place.log}#${place.index}` };
  });
}

/**
 * Has a wearable send signed batches, each of which is on the chart once.
 *
 * @param played - The wearable.
 * @returns The second batch.
 */
export async function sendBatches(played: PlayedWearable): Promise<MessageSigned> {
  const { runner, wire, device } = played;
  const first = batchOf(played, 0, ZERO32);
  const place = await isSent(played, 'It sends ten signed readings', first);
  const second = batchOf(played, SENSOR_BATCH, first.root);
  await isSent(played, 'It sends the next ten', second);
  await runner.accepted(
    deviceStep('It sends the first ten again, as after a lost answer'),
    async () => {
      const again = await wire.send(device, first);
      if (again.log !== place.log || again.index !== place.index) {
        throw new MedsealError('EVIDENCE_INVALID', { reason: 'a batch was entered twice' });
      }
      return { value: undefined, detail: 'the same place: it is on the chart once' };
    },
  );
  return second;
}

/**
 * Has everything refused that is not what the bound device signed, in its time, under its right.
 *
 * @param played - The wearable.
 * @param foreign - A device that nobody bound.
 * @param second - The batch before.
 * @returns A batch that is never sent as it was signed: it is lost.
 */
export async function refuseBatches(
  played: PlayedWearable,
  foreign: ScenarioDevice,
  second: MessageSigned,
): Promise<MessageSigned> {
  const { runner, gateway, handle, bound, right, now } = played;
  const { primitives } = played.patient.party;
  const third = batchOf(played, 2 * SENSOR_BATCH, second.root);
  await refused(played, 'A reading is altered on its way', 'READINGS_INVALID', altered(third));
  const strange = batchOf(played, 0, ZERO32, { of: foreign, pulse: 70 });
  await refused(
    played,
    'A device that nobody bound sends under that right',
    'RIGHT_MISSING',
    strange,
    foreign,
  );
  await refused(
    played,
    'It sends readings of tomorrow',
    'READINGS_UNTIMELY',
    batchOf(played, 2 * SENSOR_BATCH, second.root, { at: (now + 24 * HOUR) * 1000 }),
  );
  await refused(
    played,
    'It sends readings of 1970',
    'READINGS_UNTIMELY',
    batchOf(played, 2 * SENSOR_BATCH, second.root, { at: 0 }),
  );
  await refused(played, 'It sends more than a message may hold', 'REQUEST_TOO_LARGE', {
    bytes: new Uint8Array(LONGEST_MESSAGE + 1),
    digest: ZERO32,
  });
  await runner.refused(
    stepOf('The gateway puts up what another device signed', SENSOR_PAPER, gateway),
    ['RIGHT_MISSING'],
    async () => {
      const message = parseReadingsMessage(primitives, strange.bytes);
      const content = strange.bytes;
      return await addReadings(gateway.party, { grant: bound.grant, message, content });
    },
  );
  await runner.refused(
    stepOf('The gateway puts up what it signed under the doctor’s right', SENSOR_PAPER, gateway),
    ['RIGHT_MISSING'],
    async () => {
      const { bytes } = batchOf(played, 2 * SENSOR_BATCH, second.root, { under: right.digest });
      const message = parseReadingsMessage(primitives, bytes);
      const { grant: other } = right;
      return await addReadings(gateway.party, { grant: other, message, content: bytes });
    },
  );
  await runner.refused(
    stepOf('The gateway looks at the chart', SENSOR_PAPER, gateway),
    ['RIGHT_MISSING'],
    async () => await readChart(gateway.party, { handle, grant: bound.grant, purpose: 'TREAT' }),
  );
  return third;
}

/**
 * Has a gap and a clone of the key show in the patient's audit.
 *
 * @param played - The wearable.
 * @param lost - The batch that was lost.
 * @returns The last batch of the device itself.
 */
export async function showGapAndClone(
  played: PlayedWearable,
  lost: MessageSigned,
): Promise<MessageSigned> {
  const { runner, patient, device } = played;
  const { primitives } = patient.party;
  const later = batchOf(played, 3 * SENSOR_BATCH, lost.root);
  await isSent(played, 'It sends later readings, as the ones before are lost', later);
  const cloned = batchOf(played, 3 * SENSOR_BATCH, lost.root, { pulse: 120 });
  await isSent(played, 'A clone with its key sends others of the same numbers', cloned);
  await runner.accepted(
    stepOf('The patient sees the gap and the clone', SENSOR_PAPER, patient),
    async () => {
      const { logs } = await readAudit(patient.party);
      const bodies = logs.flatMap(({ events }) => events.flatMap(({ body }) => body ?? []));
      const followed = followDevices({ primitives }, bodies).find(
        (each) => each.device === device.address,
      );
      const [gap] = followed?.gaps ?? [];
      const found = [followed?.batches.length, followed?.gaps.length, followed?.forks.length];
      if (
        found.join() !== '4,1,1' ||
        gap?.first !== 2 * SENSOR_BATCH ||
        gap.count !== SENSOR_BATCH
      ) {
        throw new MedsealError('EVIDENCE_INVALID', {
          reason: `batches, gaps, forks: ${found.join()}`,
        });
      }
      const detail = `4 batches; ${gap.count} readings are missing from number ${gap.first}; two batches share numbers`;
      return { value: undefined, detail };
    },
  );
  return later;
}

async function refused(
  { runner, wire, device }: PlayedWearable,
  name: string,
  code: 'READINGS_INVALID' | 'READINGS_UNTIMELY' | 'REQUEST_TOO_LARGE' | 'RIGHT_MISSING',
  message: Pick<MessageSigned, 'bytes' | 'digest'>,
  of: ScenarioDevice = device,
): Promise<void> {
  await runner.refused(deviceStep(name), [code], async () => await wire.send(of, message));
}

/** Names a step that the device does, or somebody on its way. */
export function deviceStep(name: string): ReturnType<typeof stepOf> {
  return stepOf(name, SENSOR_PAPER, { name: 'device' });
}

/** A message whose first reading is another, under the signature of before. */
function altered({ bytes, ...message }: MessageSigned): MessageSigned {
  const text = new TextDecoder().decode(bytes);
  return { ...message, bytes: new TextEncoder().encode(text.replace('"value":64', '"value":65')) };
}
