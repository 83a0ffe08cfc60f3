import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { endDevice } from '../../src/client/devices/endDevice.ts';
import { readReadings } from '../../src/client/devices/readReadings.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { addressOf } from '../../src/crypto/addressOf.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { shortCodeOf } from '../../src/protocol/sensors/shortCodeOf.ts';
import { type MessageSigned } from '../../src/protocol/sensors/signReadings.ts';
import type { CastMember, SensorCast } from './Cast.ts';
import type { DeviceWire, ScenarioDevice } from './DeviceWire.ts';
import { keysOfDevice, sealedBatch, swapFile, type SealingScenario } from './sealedReadings.ts';
import { exportAfterEnd, exportReadings, type ReadingsScenario } from './exportedReadings.ts';
import { commitWhereFresh, enrolWhereFresh } from './enrolWhereFresh.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';
import {
  batchOf,
  deviceStep,
  isSent,
  refuseBatches,
  SENSOR_BATCH,
  SENSOR_PAPER,
  sendBatches,
  showGapAndClone,
  type PlayedWearable,
} from './signedReadings.ts';

/** Duration of the rights, seconds. */
const HOUR = 3600;
/** Seconds before now at which the device began: all its readings are of the past. */
const BEFORE = 120;

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
  const by = (name: string): ReturnType<typeof stepOf> => stepOf(name, SENSOR_PAPER, patient);
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
      deviceStep('The wearable announces itself, and is told its right by the broker'),
      async () => ({ value: await wire.announce(device) }),
    );
    const played: PlayedWearable = {
      runner,
      wire,
      patient,
      gateway,
      device,
      grant,
      bound,
      right,
      handle,
      from,
      now,
    };
    const second = await sendBatches(played);
    const lost = await refuseBatches(played, foreign, second);
    const later = await showGapAndClone(played, lost);
    await sealAndEnd(played, { doctor, pharmacist, later, until });
  } finally {
    await wire.close();
  }
}

/**
 * Has the wearable seal its readings itself, the doctor export and read them, and each right end.
 */
async function sealAndEnd(
  played: PlayedWearable,
  {
    doctor,
    pharmacist,
    later,
    until,
  }: Pick<SensorCast, 'doctor' | 'pharmacist'> & {
    readonly later: MessageSigned;
    readonly until: number;
  },
): Promise<void> {
  const { runner, wire, patient, gateway, device, grant, bound, right, handle, from } = played;
  const by = (name: string): ReturnType<typeof stepOf> => stepOf(name, SENSOR_PAPER, patient);
  const sealing: SealingScenario = { patient, gateway, device, grant, handle };
  const keys = await keysOfDevice(runner, wire, sealing);
  const sealed = await sealedBatch(sealing, keys, later.root, { first: 4 * SENSOR_BATCH, from });
  await runner.refused(
    stepOf(
      'The gateway puts a file of its own in the place of the sealed one',
      SENSOR_PAPER,
      gateway,
    ),
    ['READINGS_INVALID'],
    async () => await swapFile(sealing, bound.grant, sealed.bytes),
  );
  const last = await isSent(played, 'It seals ten readings itself, and sends them', sealed);
  const reading: ReadingsScenario = {
    patient,
    doctor,
    pharmacist,
    handle,
    device: device.address,
    grant: right.grant,
    expected: { batches: 5, readings: 5 * SENSOR_BATCH },
  };
  const { chart, other } = await exportReadings(runner, reading, [last]);
  await runner.accepted(stepOf('The doctor reads the pulse', SENSOR_PAPER, doctor), async () => {
    const span = { from: from * 1000, until: until * 1000 };
    const devices = await readReadings(doctor.party, chart, span);
    const own = devices.find((each) => each.device === device.address)?.batches ?? [];
    const pulses = own.flatMap((each) =>
      'error' in each
        ? []
        : each.readings.flatMap(({ reading }) => ('value' in reading ? reading.value : [])),
    );
    if (pulses.length !== 5 * SENSOR_BATCH) {
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
  const at = { first: 5 * SENSOR_BATCH, from };
  const old = await sealedBatch(sealing, keys, sealed.root, at);
  await runner.refused(
    deviceStep('It sends what it sealed to the keys of before'),
    ['EPOCH_STALE'],
    async () => await wire.send(device, old),
  );
  const turned = await keysOfDevice(runner, wire, sealing);
  await isSent(
    played,
    'It seals the same readings to the new ones',
    await sealedBatch(sealing, turned, sealed.root, at),
  );
  await runner.accepted(by('The patient ends the wearable’s right: it is lost'), async () => {
    const ended = await endDevice(patient.party, device.address);
    if (ended.length !== 1) throw new MedsealError('RIGHT_MISSING', {});
    return { value: undefined, detail: shortCodeOf(patient.party.primitives, device.address) };
  });
  await runner.refused(
    deviceStep('The finder sends on'),
    ['RIGHT_ENDED'],
    async () => await wire.send(device, batchOf(played, 6 * SENSOR_BATCH, later.root)),
  );
}

/** A device with a key of its own. */
function deviceOf({ party }: CastMember, model: string): ScenarioDevice {
  const signingKey = party.random(32);
  const address = addressOf(party.primitives, party.primitives.publicKey(signingKey));
  return { signingKey, address, model, serial: '1' };
}
