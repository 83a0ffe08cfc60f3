import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { listDevices } from '../../src/client/devices/listDevices.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { openDeviceFolder } from '../../src/device/deviceFolder.ts';
import { readKeystore } from '../../src/device/keystore.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { openOrganisationFolder } from '../../src/folder/OrganisationFolder.ts';
import type { Address } from '../../src/protocol/ids.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { shortCodeOf } from '../../src/protocol/sensors/shortCodeOf.ts';
import { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';
import { simulateSensors } from '../../src/sensors/simulate/simulateSensors.ts';
import { startSensorGateway } from '../../src/sensors/startSensorGateway.ts';
import type { DemoNetwork } from './DemoNetwork.ts';
import { enrolDemoParty, openDemoParty } from './demoParties.ts';
import { untilUnused } from './untilUnused.ts';

/** Party that brings the wearable's readings. */
const GATEWAY = { name: 'gateway', role: 'nurse', organisation: 'hospital' } as const;
/** Name of the patient who wears it. */
const PATIENT = 'patient';
/** Seconds for which it is bound. */
const YEAR = 365 * 86_400;
/** Milliseconds without a request after which it rests: one that nobody looks at would fill the disk. */
const UNUSED = 3_600_000;
/** Milliseconds before it starts again after it was refused. */
const AGAIN = 60_000;
const NAME = 'wearable';

/** State of the wearable, in the folder of a demonstration. */
interface Remembered {
  /** Its key and signals follow from it. */
  readonly seed: string;
  /** True once it was bound: if the patient ends its right, that stays. */
  readonly bound: boolean;
}

/** The wearable of a demonstration, which measures. */
export interface DemoWearable {
  /** The 12 letters that it shows. */
  readonly shortCode: string;
  readonly model: string;
  /** Address of the gateway's broker. */
  readonly broker: string;
  /** Tells it that somebody uses the demonstration: it rests after an hour without. */
  use(): void;
  /** Stops the wearable and then its gateway. */
  close(): Promise<void>;
}

/**
 * Starts the wearable of a demonstration's first patient, and the gateway that brings its readings: pulse, oxygen and
 * temperature each second, signed every ten seconds. It is bound by a right like any other for a year, and by a start after
 * that for another one.
 *
 * @param network - A demonstration network whose parties are enrolled.
 * @param keystore - Folder of the parties' devices.
 * @param folder - Folder of the wearable and of the gateway's spool; it is made if it does not exist.
 * @param onFailure - Told what stops it later.
 * @throws MedsealError what `enrol`, `bindDevice` and `startSensorGateway` throw.
 */
export async function startWearable(
  network: DemoNetwork,
  keystore: string,
  folder: string,
  onFailure: (error: unknown) => void,
): Promise<DemoWearable> {
  const { primitives, clock, random } = network.ports;
  const store = await openDeviceFolder(folder);
  const known = (await store.read(NAME)) as Remembered | undefined;
  const remembered = known ?? { seed: bytesToHex(random(16)), bound: false };
  if (known === undefined) await store.write(NAME, remembered);
  const { seed } = remembered;
  // It keeps nothing on a disk: it counts its starts by the time.
  const startSensor = (): SimulatedSensor => {
    const choice = { kind: 'wearable', seed, number: 0, boot: seconds(clock) } as const;
    return new SimulatedSensor(primitives, choice);
  };
  const device = startSensor();
  const keys = await readKeystore(keystore, network.file);
  const before = keys.find(({ name }) => name === GATEWAY.name);
  const gatewayKey = await enrolDemoParty(network, keystore, GATEWAY, before);
  const patientKey = keys.find(({ name }) => name === PATIENT);
  if (patientKey === undefined) throw new MedsealError('NOT_FOUND', { what: `party ${PATIENT}` });
  const patient = await openDemoParty(network, keystore, patientKey);
  const { address, model, serial } = device;
  if (!remembered.bound || (await isExpired(patient, address))) {
    await bindDevice(patient, {
      device: { address, model, serial },
      gateway: gatewayKey.address,
      categories: ['vitals'],
      until: seconds(clock) + YEAR,
    });
    await store.write(NAME, { seed, bound: true });
  }
  const spool = await openOrganisationFolder(folder);
  const database = await spool.database('spool');
  const party = await openDemoParty(network, keystore, gatewayKey);
  const gateway = await startSensorGateway(
    party,
    database,
    { broker: { port: 0 } },
    { ended: () => undefined, bound: () => undefined, delayed: () => undefined },
  ).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  void gateway.broken.then(onFailure);
  const [broker = ''] = gateway.doors;
  const closing = new AbortController();
  const usage = untilUnused(clock, UNUSED, closing.signal);
  const wearing = wear().catch(onFailure);
  return {
    shortCode: shortCodeOf(primitives, device.address),
    model: device.model,
    broker,
    use: () => usage.use(),
    async close() {
      closing.abort();
      await wearing;
      await gateway.stop();
      await database.close();
    },
  };

  /** Lets the wearable measure while somebody uses the demonstration; each time is a start of its own. */
  async function wear(): Promise<void> {
    for (let sensor = device; !closing.signal.aborted; sensor = startSensor()) {
      const signal = usage.next();
      await simulateSensors(clock, [{ sensor }], { door: broker, seconds: Infinity, signal });
      if (signal.aborted) await usage.again();
      else await usage.rest(AGAIN);
    }
  }
}

/** Tells whether a device is bound by rights alone whose time is over; none of a device that its patient ended are left. */
async function isExpired(patient: Party, address: Address): Promise<boolean> {
  const bound = (await listDevices(patient)).filter(({ device }) => device?.address === address);
  return bound.length > 0 && bound.every(({ state }) => state === 'expired');
}
