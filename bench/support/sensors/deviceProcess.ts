/**
 * Devices that a bench of sensors simulates, in a process of their own: a program of `sensors.bench.ts`. Its first
 * message names them, each further one says what they do.
 */
import { machinePorts, type NodePorts } from '../../../src/folder/NodePorts.ts';
import { bytesToUtf8 } from '../../../src/crypto/bytes.ts';
import type { Bytes32 } from '../../../src/protocol/ids.ts';
import type { MessageSigned } from '../../../src/protocol/sensors/signReadings.ts';
import { openMqttLine } from '../../../src/sensors/simulate/openMqttLine.ts';
import type { SensorLine } from '../../../src/sensors/simulate/SensorLine.ts';
import {
  SimulatedSensor,
  type SensorChoice,
} from '../../../src/sensors/simulate/SimulatedSensor.ts';
import { BATCH_SECONDS } from '../../../src/sensors/simulate/RunningSensor.ts';
import { simulateSensors } from '../../../src/sensors/simulate/simulateSensors.ts';
import { Latencies, type Percentiles } from './Latencies.ts';
import { serveBench } from './startProgram.ts';

/** A device, and the right that binds it. */
export interface BoundChoice {
  readonly choice: SensorChoice;
  readonly grant: Bytes32;
}

/** Devices of a bench. */
export interface DevicesToRun {
  readonly kind: 'devices';
  readonly sensors: readonly BoundChoice[];
  /** Those that send alone, and do nothing else. */
  readonly alone: readonly BoundChoice[];
}

/** All devices measure at their own pace for so long. */
export interface PaceWanted {
  readonly kind: 'pace';
  readonly door: string;
  readonly seconds: number;
}

/** One device alone sends batches, each once the one before is on the log. */
export interface AloneWanted {
  readonly kind: 'alone';
  readonly door: string;
  /** Place of the device among those that send alone. */
  readonly sensor: number;
  readonly batches: number;
}

/** All devices sign so many batches, and then send all of them at once. */
export interface BurstWanted {
  readonly kind: 'burst';
  readonly door: string;
  readonly each: number;
  /** Seconds of a batch. */
  readonly length: number;
}

/** News that devices heard of their batches. */
export interface DevicesHeard {
  /** Batches that were sent, and that ended when they should. */
  readonly sent: number;
  /** Batches of which a device heard that they are on the log. */
  readonly entered: number;
  /** From the end of a batch until its device heard that it is stored, milliseconds. */
  readonly stored: Percentiles;
  /** From the end of a batch until its device heard that it is on the log, milliseconds. */
  readonly evidence: Percentiles;
  /** From the first batch that was sent until all were heard to be on the log, milliseconds. */
  readonly lasted: number;
  /** Errors that devices were told, by code. */
  readonly errors: Readonly<Record<string, number>>;
}

interface SensorBound {
  readonly sensor: SimulatedSensor;
  readonly grant: Bytes32;
}

type Wanted = DevicesToRun | PaceWanted | AloneWanted | BurstWanted;

let ports: NodePorts;
let sensors: readonly SensorBound[] = [];
let lonely: readonly SensorBound[] = [];

serveBench(
  async (message) => {
    const wanted = message as Wanted;
    if (wanted.kind === 'pace') return await atTheirPace(wanted);
    if (wanted.kind === 'alone') return await alone(wanted);
    if (wanted.kind === 'burst') return await allAtOnce(wanted);
    ports = await machinePorts();
    sensors = wanted.sensors.map(sensorOf);
    lonely = wanted.alone.map(sensorOf);
    return {};
  },
  async () => await Promise.resolve(),
);

function sensorOf({ choice, grant }: BoundChoice): SensorBound {
  // A run on a network of before is another start of the same device.
  const boot = Math.floor(Date.now() / 1000);
  return { sensor: new SimulatedSensor(ports.primitives, { ...choice, boot }), grant };
}

/** Runs the devices as `medseal sensors simulate` does. One batch more than is counted tells how the last ones went. */
async function atTheirPace({ door, seconds }: PaceWanted): Promise<DevicesHeard> {
  const ends = new Map<Bytes32, number>();
  const latencies = { stored: new Latencies(), evidence: new Latencies() };
  const begun = Date.now();
  const counted = begun + 1000 * (seconds + BATCH_SECONDS);
  let [sent, last] = [0, begun];
  const run = await simulateSensors(
    ports.clock,
    sensors,
    { door, seconds: seconds + 2 * BATCH_SECONDS },
    {
      signed(_sensor, batch) {
        const end = endOf(batch);
        if (end > counted) return;
        sent += 1;
        ends.set(batch.digest, end);
      },
      told(_sensor, { digest, state }) {
        const end = ends.get(digest);
        if (end === undefined) return;
        const now = Date.now();
        // An entry tells that it was stored too: the device may hear of both in one word.
        latencies.stored.add(digest, now - end);
        if (state !== 'entered') return;
        latencies.evidence.add(digest, now - end);
        last = now;
      },
    },
  );
  return heardOf(sent, latencies, last - begun, run.errors);
}

async function alone({ door, sensor: place, batches }: AloneWanted): Promise<DevicesHeard> {
  const chosen = lonely[place];
  if (chosen === undefined) throw new RangeError('there is no such device');
  const { sensor, grant } = chosen;
  sensor.bind(grant);
  const latencies = { stored: new Latencies(), evidence: new Latencies() };
  const errors: Record<string, number> = {};
  let sent = 0;
  let heard = Promise.withResolvers<void>();
  const line = await openMqttLine(door, sensor.address, {
    reopened: () => undefined,
    bound: () => undefined,
    told({ digest, state }) {
      latencies.stored.add(digest, Date.now() - sent);
      if (state !== 'entered') return;
      latencies.evidence.add(digest, Date.now() - sent);
      sensor.forget(digest);
      heard.resolve();
    },
    failed({ code }) {
      errors[code] = (errors[code] ?? 0) + 1;
    },
  });
  const begun = Date.now();
  for (let i = 0; i < batches; i++) {
    heard = Promise.withResolvers();
    const batch = sensor.measure(BATCH_SECONDS, Date.now() - 1000 * BATCH_SECONDS);
    sent = Date.now();
    line.send(batch);
    await heard.promise;
  }
  await line.close();
  return heardOf(batches, latencies, Date.now() - begun, errors);
}

async function allAtOnce({ door, each, length }: BurstWanted): Promise<DevicesHeard> {
  const latencies = { stored: new Latencies(), evidence: new Latencies() };
  const errors: Record<string, number> = {};
  const all = Promise.withResolvers<void>();
  const count = sensors.length * each;
  let begun = 0;
  const lines: { readonly line: SensorLine; readonly sensor: SimulatedSensor }[] = [];
  for (const { sensor, grant } of sensors) {
    sensor.bind(grant);
    const line = await openMqttLine(door, sensor.address, {
      reopened: () => undefined,
      bound: () => undefined,
      told({ digest, state }) {
        sensor.forget(digest);
        latencies.stored.add(digest, Date.now() - begun);
        if (state === 'entered') latencies.evidence.add(digest, Date.now() - begun);
        if (latencies.evidence.count === count) all.resolve();
      },
      failed({ code }) {
        errors[code] = (errors[code] ?? 0) + 1;
      },
    });
    lines.push({ line, sensor });
  }
  // Signed before the clock starts, as of the last minutes.
  const first = Date.now() - 1000 * length * each;
  const batches = Array.from({ length: each }, (_, i) =>
    lines.map(({ line, sensor }) => ({
      line,
      batch: sensor.measure(length, first + 1000 * length * i),
    })),
  ).flat();
  begun = Date.now();
  for (const { line, batch } of batches) line.send(batch);
  await all.promise;
  const lasted = Date.now() - begun;
  await Promise.all(lines.map(async ({ line }) => await line.close()));
  return heardOf(count, latencies, lasted, errors);
}

function heardOf(
  sent: number,
  { stored, evidence }: { readonly stored: Latencies; readonly evidence: Latencies },
  lasted: number,
  errors: Readonly<Record<string, number>>,
): DevicesHeard {
  return {
    sent,
    entered: evidence.count,
    stored: stored.among(sent),
    evidence: evidence.among(sent),
    lasted,
    errors,
  };
}

/** The time at which a batch ended, as the device signed it. */
function endOf({ bytes }: MessageSigned): number {
  const [line = ''] = bytesToUtf8(bytes.subarray(0, 2000)).split('\n');
  return (JSON.parse(line) as { readonly header: { readonly end: number } }).header.end;
}
