import type { Clock } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { openHttpLine } from './openHttpLine.ts';
import { openMqttLine, type MqttLineOptions } from './openMqttLine.ts';
import type { SensorLine } from './SensorLine.ts';
import type { SimulatedSensor } from './SimulatedSensor.ts';
import { BATCH_SECONDS, RunningSensor, type SensorNews } from './RunningSensor.ts';

/** A device with the right that it waits for; whatever right it is told first if none is named. */
export interface SensorToRun {
  readonly sensor: SimulatedSensor;
  readonly grant?: Bytes32;
}

/** A run of simulated devices. */
export interface SensorsToRun extends MqttLineOptions {
  /** Door of the gateway: `mqtt:`, `mqtts:`, `http:` or `https:`. */
  readonly door: string;
  /** Seconds to measure. */
  readonly seconds: number;
}

/** Result of a run of simulated devices: numbers of batches. */
export interface SensorsRun {
  /** Batches that were signed. */
  readonly batches: number;
  /** Those that the gateway has on its disk. */
  readonly stored: number;
  /** Those of which a device was told, while it ran, that they are on the chart; over HTTP nobody tells it. */
  readonly entered: number;
  /** Those that were refused for good. */
  readonly refused: number;
  /** Those that were overwritten before the gateway had them. */
  readonly overwritten: number;
  /** Those that devices still keep. */
  readonly kept: number;
  /** Errors that devices were told, by code. */
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * Runs devices until they have measured for so long and their gateway has all batches on its disk. Each announces itself,
 * waits for its right, measures, and forgets a batch only once it was told to be stored. A device that is refused for
 * good stops measuring. They begin one after the other, so that their batches do not end at once.
 *
 * @param clock - The time.
 * @param sensors - Devices.
 * @param run - Door, seconds, certificates for a broker, and a signal to stop.
 * @param news - Told what happens.
 * @throws MedsealError `PEER_UNREACHABLE`, `PEER_UNTRUSTED` or `PEER_REFUSES` if there is no connection to the broker.
 */
export async function simulateSensors(
  clock: Clock,
  sensors: readonly SensorToRun[],
  run: SensorsToRun,
  news: SensorNews = {},
): Promise<SensorsRun> {
  const counts = { batches: 0, stored: 0, entered: 0, refused: 0 };
  const errors: Record<string, number> = {};
  const lines: SensorLine[] = [];
  const cancels = new Set<() => void>();
  const later = (milliseconds: number, work: () => void): void => {
    const cancel = clock.after(milliseconds, () => {
      cancels.delete(cancel);
      work();
    });
    cancels.add(cancel);
  };
  const shared = { clock, run, news, counts, errors, later };
  const spread = 1000 * Math.min(BATCH_SECONDS, run.seconds);
  try {
    const ends: Promise<void>[] = [];
    for (const [place, { sensor, grant }] of sensors.entries()) {
      if (run.signal?.aborted === true) break;
      const delay = Math.floor((spread * place) / sensors.length);
      const running = new RunningSensor(sensor, { ...shared, grant, delay });
      const line = await lineOf(running, run).catch((error: unknown) => {
        if (run.signal?.aborted !== true) throw error;
        return undefined;
      });
      if (line === undefined) continue;
      lines.push(line);
      ends.push(running.begin(line));
    }
    const stopped = Promise.withResolvers<undefined>();
    const stop = (): void => stopped.resolve(undefined);
    run.signal?.addEventListener('abort', stop, { once: true });
    if (run.signal?.aborted === true) stop();
    await Promise.race([stopped.promise, Promise.all(ends)]);
    run.signal?.removeEventListener('abort', stop);
  } finally {
    for (const cancel of cancels) cancel();
    await Promise.all(lines.map(async (line) => await line.close()));
  }
  const sum = (of: (sensor: SimulatedSensor) => number): number =>
    sensors.reduce((total, { sensor }) => total + of(sensor), 0);
  const kept = sum((sensor) => sensor.kept.length + sensor.unsealed);
  return { ...counts, overwritten: sum(({ overwritten }) => overwritten), kept, errors };
}

/** Opens a device's line to the gateway. */
async function lineOf(running: RunningSensor, run: SensorsToRun): Promise<SensorLine> {
  const { door, seconds: _seconds, ...tlsAndSignal } = run;
  return /^mqtts?:/.test(door)
    ? await openMqttLine(door, running.sensor.address, running, tlsAndSignal)
    : openHttpLine(door, running);
}
