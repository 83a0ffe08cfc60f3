import { readAudit } from '../../src/client/audit/readAudit.ts';
import { addReadings } from '../../src/client/devices/addReadings.ts';
import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { endDevice } from '../../src/client/devices/endDevice.ts';
import { readReadings } from '../../src/client/devices/readReadings.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { addressOf } from '../../src/crypto/addressOf.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { ZERO32, type Bytes32 } from '../../src/protocol/ids.ts';
import type { LogPlace } from '../../src/protocol/AgentPort.ts';
import { followDevices } from '../../src/protocol/sensors/followDevices.ts';
import { parseReadingsMessage } from '../../src/protocol/sensors/parseReadingsMessage.ts';
import { LONGEST_MESSAGE } from '../../src/protocol/sensors/ReadingsMessage.ts';
import { shortCodeOf } from '../../src/protocol/sensors/shortCodeOf.ts';
import { signReadings, type MessageSigned } from '../../src/protocol/sensors/signReadings.ts';
import type { CastMember, SensorCast } from './Cast.ts';
import type { DeviceWire, ScenarioDevice } from './DeviceWire.ts';
import { keysOfDevice, sealedBatch, swapFile, type SealingScenario } from './sealedReadings.ts';
import { exportAfterEnd, exportReadings, type ReadingsScenario } from './exportedReadings.ts';
import { commitWhereFresh, enrolWhereFresh } from './enrolWhereFresh.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const PAPER = 'P1 sensor';
/** Duration of the rights, seconds. */
const HOUR = 3600;
/** Seconds before now at which the device began: all its readings are of the past. */
const BEFORE = 120;
/** Readings of a batch, one each second. */
const COUNT = 10;
/** MDC code of a pulse rate. */
const PULSE = 149_530;

/**
 * Plays a sensor from its binding to its end: readings that it signed go to the chart by a gateway, each batch once, with
 * all that must be refused, what the evidence shows of gaps and of a cloned key, and who may export the readings.
 *
 * @param runner - Does and notes the steps.
 * @param cast - Patient, a doctor, a pharmacist, and the gateway's party; those who are new are enrolled first.
 * @param openWire - Starts the gateway, and the broker that the device reaches it by.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function sensorScenario(
  runner: StepRunner,
  { patient, doctor, gateway, pharmacist }: SensorCast,
  openWire: (gateway: CastMember) => Promise<DeviceWire>,
): Promise<void> {
  for (const actor of [patient, doctor, gateway, pharmacist]) await enrolWhereFresh(runner, actor);
  await commitWhereFresh(runner, patient);
  const { handle } = await readPatientState(patient.party);
  const { primitives } = patient.party;
  const [device, foreign] = [deviceOf(patient, 'Wrist'), deviceOf(patient, 'Another')];
  const now = seconds(patient.party.clock);
  const [from, until] = [now - BEFORE, now + HOUR];
  const by = (name: string): ReturnType<typeof stepOf> => stepOf(name, PAPER, patient);
  const shortCode = shortCodeOf(primitives, device.address);

  const bound = await runner.accepted(
    by('The patient binds a wearable by the code that it shows'),
    async () => {
      const asked = {
        gateway: gateway.party.address,
        categories: ['vitals'],
        from,
        until,
      } as const;
      const given = await bindDevice(patient.party, { device, ...asked });
      return { value: given, detail: `${shortCode}, to add readings to vitals and nothing else` };
    },
  );
  const right = await runner.accepted(by('The patient lets the doctor read them'), async () => {
    const given = await grantRight(patient.party, {
      grantee: doctor.party.address,
      categories: ['vitals'],
      actions: ['read'],
      purpose: 'TREAT',
      until,
    });
    return { value: given, txHash: given.placed.transaction };
  });

  const wire = await openWire(gateway);
  try {
    const grant = await runner.accepted(
      sends('The wearable announces itself, and is told its right by the broker'),
      async () => ({ value: await wire.announce(device) }),
    );
    const batch = (
      number: number,
      previous: Bytes32,
      { of = device, under = grant, at = from * 1000 + number * 1000, pulse = 64 } = {},
    ): MessageSigned => {
      const lines = Array.from({ length: COUNT }, (_, place) =>
        JSON.stringify({ at: at + place * 1000, code: PULSE, value: pulse + (place % 4) }),
      );
      const times = { clock: 'set', start: at, end: at + (COUNT - 1) * 1000 } as const;
      const about = { grant: under, boot: 1, first: number, previous, ...times };
      return signReadings({ primitives }, of.signingKey, about, lines);
    };
    const isSent = async (
      name: string,
      message: MessageSigned,
      of: ScenarioDevice = device,
    ): Promise<LogPlace> =>
      await runner.accepted(sends(name), async () => {
        const place = await wire.send(of, message);
        return { value: place, detail: `${COUNT} readings at ${place.log}#${place.index}` };
      });

    const first = batch(0, ZERO32);
    const place = await isSent('It sends ten signed readings', first);
    const second = batch(COUNT, first.root);
    await isSent('It sends the next ten', second);
    await runner.accepted(
      sends('It sends the first ten again, as after a lost answer'),
      async () => {
        const again = await wire.send(device, first);
        if (again.log !== place.log || again.index !== place.index) {
          throw new MedsealError('EVIDENCE_INVALID', { reason: 'a batch was entered twice' });
        }
        return { value: undefined, detail: 'the same place: it is on the chart once' };
      },
    );

    const refused = async (
      name: string,
      code: 'READINGS_INVALID' | 'READINGS_UNTIMELY' | 'REQUEST_TOO_LARGE' | 'RIGHT_MISSING',
      message: Pick<MessageSigned, 'bytes' | 'digest'>,
      of: ScenarioDevice = device,
    ): Promise<void> =>
      await runner.refused(sends(name), [code], async () => await wire.send(of, message));
    const third = batch(2 * COUNT, second.root);
    await refused('A reading is altered on its way', 'READINGS_INVALID', altered(third));
    const strange = batch(0, ZERO32, { of: foreign, pulse: 70 });
    await refused(
      'A device that nobody bound sends under that right',
      'RIGHT_MISSING',
      strange,
      foreign,
    );
    await refused(
      'It sends readings of tomorrow',
      'READINGS_UNTIMELY',
      batch(2 * COUNT, second.root, { at: (now + 24 * HOUR) * 1000 }),
    );
    await refused(
      'It sends readings of 1970',
      'READINGS_UNTIMELY',
      batch(2 * COUNT, second.root, { at: 0 }),
    );
    await refused('It sends more than a message may hold', 'REQUEST_TOO_LARGE', {
      bytes: new Uint8Array(LONGEST_MESSAGE + 1),
      digest: ZERO32,
    });
    await runner.refused(
      stepOf('The gateway puts up what another device signed', PAPER, gateway),
      ['RIGHT_MISSING'],
      async () => {
        const message = parseReadingsMessage(primitives, strange.bytes);
        const content = strange.bytes;
        return await addReadings(gateway.party, { grant: bound.grant, message, content });
      },
    );
    await runner.refused(
      stepOf('The gateway puts up what it signed under the doctor’s right', PAPER, gateway),
      ['RIGHT_MISSING'],
      async () => {
        const { bytes } = batch(2 * COUNT, second.root, { under: right.digest });
        const message = parseReadingsMessage(primitives, bytes);
        const { grant: other } = right;
        return await addReadings(gateway.party, { grant: other, message, content: bytes });
      },
    );
    await runner.refused(
      stepOf('The gateway looks at the chart', PAPER, gateway),
      ['RIGHT_MISSING'],
      async () => await readChart(gateway.party, { handle, grant: bound.grant, purpose: 'TREAT' }),
    );

    const later = batch(3 * COUNT, third.root);
    await isSent('It sends later readings, as the ones before are lost', later);
    const cloned = batch(3 * COUNT, third.root, { pulse: 120 });
    await isSent('A clone with its key sends others of the same numbers', cloned);
    await runner.accepted(by('The patient sees the gap and the clone'), async () => {
      const { logs } = await readAudit(patient.party);
      const bodies = logs.flatMap(({ events }) => events.flatMap(({ body }) => body ?? []));
      const followed = followDevices({ primitives }, bodies).find(
        (each) => each.device === device.address,
      );
      const [gap] = followed?.gaps ?? [];
      const found = [followed?.batches.length, followed?.gaps.length, followed?.forks.length];
      if (found.join() !== '4,1,1' || gap?.first !== 2 * COUNT || gap.count !== COUNT) {
        throw new MedsealError('EVIDENCE_INVALID', {
          reason: `batches, gaps, forks: ${found.join()}`,
        });
      }
      const detail = `4 batches; ${gap.count} readings are missing from number ${gap.first}; two batches share numbers`;
      return { value: undefined, detail };
    });
    const sealing: SealingScenario = { patient, gateway, device, grant, handle };
    const keys = await keysOfDevice(runner, wire, sealing);
    const sealed = await sealedBatch(sealing, keys, later.root, { first: 4 * COUNT, from });
    await runner.refused(
      stepOf('The gateway puts a file of its own in the place of the sealed one', PAPER, gateway),
      ['READINGS_INVALID'],
      async () => await swapFile(sealing, bound.grant, sealed.bytes),
    );
    const last = await isSent('It seals ten readings itself, and sends them', sealed);
    const reading: ReadingsScenario = {
      patient,
      doctor,
      pharmacist,
      handle,
      device: device.address,
      grant: right.grant,
      expected: { batches: 5, readings: 5 * COUNT },
    };
    const { chart, other } = await exportReadings(runner, reading, [last]);
    await runner.accepted(stepOf('The doctor reads the pulse', PAPER, doctor), async () => {
      const span = { from: from * 1000, until: until * 1000 };
      const devices = await readReadings(doctor.party, chart, span);
      const own = devices.find((each) => each.device === device.address)?.batches ?? [];
      const pulses = own.flatMap((each) =>
        'error' in each
          ? []
          : each.readings.flatMap(({ reading }) => ('value' in reading ? reading.value : [])),
      );
      if (pulses.length !== 5 * COUNT) {
        throw new MedsealError('NOT_FOUND', { what: 'reading on the chart' });
      }
      const detail = `${pulses.length} readings, ${Math.min(...pulses)} to ${Math.max(...pulses)} a minute`;
      return { value: undefined, detail };
    });
    await runner.accepted(by('The patient ends the doctor’s right'), async () => {
      await revokeRight(patient.party, right.digest);
      return { value: undefined, detail: 'the keys turn' };
    });
    await exportAfterEnd(runner, reading, chart);
    await runner.accepted(by('The patient ends the pharmacist’s right'), async () => {
      await revokeRight(patient.party, other.digest);
      return { value: undefined, detail: 'the keys turn' };
    });
    const at = { first: 5 * COUNT, from };
    const old = await sealedBatch(sealing, keys, sealed.root, at);
    await runner.refused(
      sends('It sends what it sealed to the keys of before'),
      ['EPOCH_STALE'],
      async () => await wire.send(device, old),
    );
    const turned = await keysOfDevice(runner, wire, sealing);
    await isSent(
      'It seals the same readings to the new ones',
      await sealedBatch(sealing, turned, sealed.root, at),
    );
    await runner.accepted(by('The patient ends the wearable’s right: it is lost'), async () => {
      const ended = await endDevice(patient.party, device.address);
      if (ended.length !== 1) throw new MedsealError('RIGHT_MISSING', {});
      return { value: undefined, detail: shortCode };
    });
    await runner.refused(
      sends('The finder sends on'),
      ['RIGHT_ENDED'],
      async () => await wire.send(device, batch(6 * COUNT, later.root)),
    );
  } finally {
    await wire.close();
  }
}

/** Names a step that the device does, or somebody on its way. */
function sends(name: string): ReturnType<typeof stepOf> {
  return stepOf(name, PAPER, { name: 'device' });
}

/** A device with a key of its own. */
function deviceOf({ party }: CastMember, model: string): ScenarioDevice {
  const signingKey = party.random(32);
  const address = addressOf(party.primitives, party.primitives.publicKey(signingKey));
  return { signingKey, address, model, serial: '1' };
}

/** A message whose first reading is another, under the signature of before. */
function altered({ bytes, ...message }: MessageSigned): MessageSigned {
  const text = new TextDecoder().decode(bytes);
  return { ...message, bytes: new TextEncoder().encode(text.replace('"value":64', '"value":65')) };
}
