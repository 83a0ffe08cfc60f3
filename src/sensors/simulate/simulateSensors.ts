import type { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { MessageSigned } from '../../protocol/sensors/signReadings.ts';
import { openHttpLine } from './openHttpLine.ts';
import { openMqttLine, type MqttLineOptions } from './openMqttLine.ts';
import type { BATCH_HEARD, SensorEars, SensorLine } from './SensorLine.ts';
import type { SimulatedSensor } from './SimulatedSensor.ts';

/** Seconds of a batch. */
export const BATCH_SECONDS = 10;
/** Milliseconds before a device announces itself, or sends what it keeps, once more. */
const AGAIN = 5000;

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

/** Events of devices that run. */
export interface SensorNews {
  /** A device was told its right, and begins to measure. */
  bound?(sensor: SimulatedSensor): void;
  signed?(sensor: SimulatedSensor, batch: MessageSigned): void;
  told?(sensor: SimulatedSensor, state: Of<typeof BATCH_HEARD>): void;
  /** A device was told an error. */
  failed?(sensor: SimulatedSensor, code: string, error?: MedsealError): void;
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
  const { door: _door, seconds: _seconds, ...tlsAndSignal } = run;
  const spread = 1000 * Math.min(BATCH_SECONDS, run.seconds);
  try {
    const ends: Promise<void>[] = [];
    for (const [place, each] of sensors.entries()) {
      if (run.signal?.aborted === true) break;
      const begun = await begin(each, Math.floor((spread * place) / sensors.length)).catch(
        (error: unknown) => {
          if (run.signal?.aborted !== true) throw error;
          return undefined;
        },
      );
      if (begun !== undefined) ends.push(begun.ended);
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

  async function begin(
    { sensor, grant }: SensorToRun,
    delay: number,
  ): Promise<{ readonly ended: Promise<void> }> {
    const ended = Promise.withResolvers<void>();
    let left = run.seconds;
    let resting = false;
    let stopped = false;
    /** True once it was told that its right is over. */
    let isOver = false;

    const endIfDone = (): void => {
      const kept = sensor.kept.length + sensor.unsealed;
      if (stopped || (left === 0 && kept === 0)) ended.resolve();
    };
    const sendAll = (): void => {
      for (const batch of sensor.kept) line.send(batch);
    };
    const sendAllLater = (): void => {
      if (resting) return;
      resting = true;
      later(AGAIN, () => {
        resting = false;
        sendAll();
      });
    };
    let asking = false;
    const askKeys = (): void => {
      if (asking || sensor.grant === undefined || sensor.seal === undefined) return;
      asking = true;
      line.ask(sensor.seal.ask(sensor.grant));
      later(AGAIN, () => {
        asking = false;
        if (sensor.seal?.keys === undefined) askKeys();
      });
    };
    const sealAll = (): void => {
      if (sensor.seal?.keys === undefined) {
        askKeys();
        return;
      }
      void sensor.sealAll().then(
        (sealed) => {
          for (const batch of sealed) {
            news.signed?.(sensor, batch);
            line.send(batch);
          }
        },
        (error: unknown) => failedWith(toMedsealError(error).code),
      );
    };
    const failedWith = (code: string, error?: MedsealError): void => {
      errors[code] = (errors[code] ?? 0) + 1;
      news.failed?.(sensor, code, error);
    };
    /** Seals a batch again whose keys turned; false if that is not why it was refused. */
    const isSealedAgain = (digest: Bytes32, code: string): boolean => {
      if ((code !== 'EPOCH_STALE' && code !== 'SEAL_UNGUARDED') || !sensor.unseal(digest))
        return false;
      failedWith(code);
      sensor.seal?.forget();
      sealAll();
      return true;
    };
    const measure = (start: number): void => {
      if (stopped) return;
      const length = Math.min(left, BATCH_SECONDS);
      const end = start + length * 1000;
      later(Math.max(0, end - clock.now()), () => {
        if (stopped || run.signal?.aborted === true) return;
        left -= length;
        counts.batches += 1;
        if (sensor.seal === undefined) {
          const batch = sensor.measure(length, start);
          news.signed?.(sensor, batch);
          line.send(batch);
        } else {
          sensor.measureToSeal(length, start);
          sealAll();
        }
        if (left > 0) measure(end);
      });
    };
    const announce = (): void => {
      if (sensor.grant !== undefined || run.signal?.aborted === true) return;
      line.announce(sensor.hello);
      later(AGAIN, announce);
    };
    const heard = new Set<string>();
    /** Tells whether it is the first time that this is heard of a batch. */
    const isNew = (digest: Bytes32, state: string): boolean =>
      heard.size !== heard.add(`${digest} ${state}`).size;
    const ears: SensorEars = {
      reopened() {
        if (sensor.grant === undefined) line.announce(sensor.hello);
        else if (sensor.unsealed > 0) sealAll();
        sendAll();
      },
      bound({ grant: told, device, until }) {
        const mine = device === sensor.address && (grant === undefined || told === grant);
        if (!mine || until * 1000 <= clock.now()) return;
        const isFirst = sensor.grant === undefined;
        sensor.bind(told);
        if (!isFirst) return;
        news.bound?.(sensor);
        askKeys();
        measure(clock.now() + delay);
      },
      told(told) {
        const { digest, state, code } = told;
        if (state === 'refused' && isSealedAgain(digest, code ?? '')) return;
        if (sensor.seal !== undefined && state === 'stored') {
          // Its gateway cannot seal it again if the keys turn: it is kept until it is on the chart.
          if (isNew(digest, state)) counts.stored += 1;
          sendAllLater();
        } else if (sensor.forget(digest) && state !== 'refused' && isNew(digest, 'stored')) {
          // Whoever refused or entered it has it on disk.
          counts.stored += 1;
        }
        if (state === 'entered' && isNew(digest, state)) counts.entered += 1;
        if (state === 'refused') refuse(digest, code ?? 'REQUEST_INVALID');
        news.told?.(sensor, told);
        endIfDone();
      },
      keys(told) {
        try {
          if (sensor.seal?.hear(told) === true) sealAll();
        } catch (error) {
          // It seals to nobody, and asks again.
          const found = toMedsealError(error);
          failedWith(found.code, found);
        }
      },
      failed({ digest, grant: about, code, again }) {
        // A right that this device does not measure under.
        if (about !== undefined && about !== sensor.grant) return;
        isOver ||= about !== undefined;
        if (digest !== undefined && isSealedAgain(digest, code)) return;
        if (!again && digest !== undefined) {
          sensor.forget(digest);
          refuse(digest, code);
        } else {
          failedWith(code);
          // The words do not say which batch is meant: the device keeps all.
          if (!again) stopped = true;
        }
        if (again) sendAllLater();
        endIfDone();
      },
    };
    const refuse = (digest: Bytes32, code: string): void => {
      if (!isNew(digest, 'refused')) return;
      counts.refused += 1;
      if (code === 'RIGHT_ENDED' || code === 'RIGHT_MISSING') stopped = true;
      // The end of the right may have been told before.
      if (!isOver || code !== 'RIGHT_ENDED') failedWith(code);
    };
    const line = /^mqtts?:/.test(run.door)
      ? await openMqttLine(run.door, sensor.address, ears, tlsAndSignal)
      : openHttpLine(run.door, ears);
    lines.push(line);
    announce();
    return { ended: ended.promise };
  }
}
