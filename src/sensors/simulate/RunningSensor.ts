import type { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { SensorEars, SensorLine } from './SensorLine.ts';
import type { BATCH_HEARD, ERROR_HEARD, BINDING_HEARD } from './SensorLine.ts';
import type { MessageSigned } from '../../protocol/sensors/signReadings.ts';
import type { KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { SimulatedSensor } from './SimulatedSensor.ts';

/** Seconds of a batch. */
export const BATCH_SECONDS = 10;
/** Milliseconds before a device announces itself, or sends what it keeps, once more. */
const AGAIN = 5000;

/** Events of devices that run. */
export interface SensorNews {
  /** A device was told its right, and begins to measure. */
  bound?(sensor: SimulatedSensor): void;
  signed?(sensor: SimulatedSensor, batch: MessageSigned): void;
  told?(sensor: SimulatedSensor, state: Of<typeof BATCH_HEARD>): void;
  /** A device was told an error. */
  failed?(sensor: SimulatedSensor, code: string, error?: MedsealError): void;
}

/** The parts that a device shares with the others of its run. */
export interface SharedRun {
  readonly clock: Clock;
  readonly run: { readonly seconds: number; readonly signal?: AbortSignal | undefined };
  readonly news: SensorNews;
  /** Numbers of batches of all devices; they are added to. */
  readonly counts: Record<'batches' | 'stored' | 'entered' | 'refused', number>;
  /** Errors that devices were told, by code; they are added to. */
  readonly errors: Record<string, number>;
  /** Does something after some milliseconds, unless the run has ended by then. */
  readonly later: (milliseconds: number, work: () => void) => void;
  /** The right that this device waits for; whatever right it is told first if absent. */
  readonly grant: Bytes32 | undefined;
  /** Milliseconds after it is bound at which this device begins to measure. */
  readonly delay: number;
}

/** A device that runs: what it hears, and what it does then. */
export class RunningSensor implements SensorEars {
  readonly sensor: SimulatedSensor;
  readonly #shared: SharedRun;
  readonly #ended = Promise.withResolvers<void>();
  readonly #heard = new Set<string>();
  #line: SensorLine | undefined;
  /** Seconds that it still measures. */
  #left: number;
  #resting = false;
  #asking = false;
  #stopped = false;
  /** True once it was told that its right is over. */
  #isOver = false;

  /**
   * @param sensor - The device.
   * @param shared - Its run.
   */
  constructor(sensor: SimulatedSensor, shared: SharedRun) {
    this.sensor = sensor;
    this.#shared = shared;
    this.#left = shared.run.seconds;
  }

  /**
   * Announces itself from now on.
   *
   * @param line - Its line to the gateway.
   * @returns Resolves once it has measured and the gateway has all batches on its disk, or refused it for good.
   */
  async begin(line: SensorLine): Promise<void> {
    this.#line = line;
    this.#announce();
    await this.#ended.promise;
  }

  reopened(): void {
    if (this.sensor.grant === undefined) this.#line?.announce(this.sensor.hello);
    else if (this.sensor.unsealed > 0) this.#sealAll();
    this.#sendAll();
  }

  bound({ grant: told, device, until }: Of<typeof BINDING_HEARD>): void {
    const { clock, grant, delay, news } = this.#shared;
    const mine = device === this.sensor.address && (grant === undefined || told === grant);
    if (!mine || until * 1000 <= clock.now()) return;
    const isFirst = this.sensor.grant === undefined;
    this.sensor.bind(told);
    if (!isFirst) return;
    news.bound?.(this.sensor);
    this.#askKeys();
    this.#measure(clock.now() + delay);
  }

  told(told: Of<typeof BATCH_HEARD>): void {
    const { sensor } = this;
    const { counts, news } = this.#shared;
    const { digest, state, code } = told;
    if (state === 'refused' && this.#isSealedAgain(digest, code ?? '')) return;
    if (sensor.seal !== undefined && state === 'stored') {
      // Its gateway cannot seal it again if the keys turn: it is kept until it is on the chart.
      if (this.#isNew(digest, state)) counts.stored += 1;
      this.#sendAllLater();
    } else if (sensor.forget(digest) && state !== 'refused' && this.#isNew(digest, 'stored')) {
      // Whoever refused or entered it has it on disk.
      counts.stored += 1;
    }
    if (state === 'entered' && this.#isNew(digest, state)) counts.entered += 1;
    if (state === 'refused') this.#refuse(digest, code ?? 'REQUEST_INVALID');
    news.told?.(sensor, told);
    this.#endIfDone();
  }

  keys(told: KeysTold): void {
    try {
      if (this.sensor.seal?.hear(told) === true) this.#sealAll();
    } catch (error) {
      // It seals to nobody, and asks again.
      const found = toMedsealError(error);
      this.#failedWith(found.code, found);
    }
  }

  failed({ digest, grant: about, code, again }: Of<typeof ERROR_HEARD>): void {
    // A right that this device does not measure under.
    if (about !== undefined && about !== this.sensor.grant) return;
    this.#isOver ||= about !== undefined;
    if (digest !== undefined && this.#isSealedAgain(digest, code)) return;
    if (!again && digest !== undefined) {
      this.sensor.forget(digest);
      this.#refuse(digest, code);
    } else {
      this.#failedWith(code);
      // The words do not say which batch is meant: the device keeps all.
      if (!again) this.#stopped = true;
    }
    if (again) this.#sendAllLater();
    this.#endIfDone();
  }

  #endIfDone(): void {
    const kept = this.sensor.kept.length + this.sensor.unsealed;
    if (this.#stopped || (this.#left === 0 && kept === 0)) this.#ended.resolve();
  }

  #announce(): void {
    const { run, later } = this.#shared;
    if (this.sensor.grant !== undefined || run.signal?.aborted === true) return;
    this.#line?.announce(this.sensor.hello);
    later(AGAIN, () => this.#announce());
  }

  #measure(start: number): void {
    if (this.#stopped) return;
    const { clock, run, counts, news, later } = this.#shared;
    const length = Math.min(this.#left, BATCH_SECONDS);
    const end = start + length * 1000;
    later(Math.max(0, end - clock.now()), () => {
      if (this.#stopped || run.signal?.aborted === true) return;
      this.#left -= length;
      counts.batches += 1;
      if (this.sensor.seal === undefined) {
        const batch = this.sensor.measure(length, start);
        news.signed?.(this.sensor, batch);
        this.#line?.send(batch);
      } else {
        this.sensor.measureToSeal(length, start);
        this.#sealAll();
      }
      if (this.#left > 0) this.#measure(end);
    });
  }

  #sendAll(): void {
    for (const batch of this.sensor.kept) this.#line?.send(batch);
  }

  #sendAllLater(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#shared.later(AGAIN, () => {
      this.#resting = false;
      this.#sendAll();
    });
  }

  #askKeys(): void {
    const { sensor } = this;
    if (this.#asking || sensor.grant === undefined || sensor.seal === undefined) return;
    this.#asking = true;
    this.#line?.ask(sensor.seal.ask(sensor.grant));
    this.#shared.later(AGAIN, () => {
      this.#asking = false;
      if (sensor.seal?.keys === undefined) this.#askKeys();
    });
  }

  #sealAll(): void {
    const { sensor } = this;
    if (sensor.seal?.keys === undefined) {
      this.#askKeys();
      return;
    }
    void sensor.sealAll().then(
      (sealed) => {
        for (const batch of sealed) {
          this.#shared.news.signed?.(sensor, batch);
          this.#line?.send(batch);
        }
      },
      (error: unknown) => this.#failedWith(toMedsealError(error).code),
    );
  }

  #failedWith(code: string, error?: MedsealError): void {
    const { errors, news } = this.#shared;
    errors[code] = (errors[code] ?? 0) + 1;
    news.failed?.(this.sensor, code, error);
  }

  #refuse(digest: Bytes32, code: string): void {
    if (!this.#isNew(digest, 'refused')) return;
    this.#shared.counts.refused += 1;
    if (code === 'RIGHT_ENDED' || code === 'RIGHT_MISSING') this.#stopped = true;
    // The end of the right may have been told before.
    if (!this.#isOver || code !== 'RIGHT_ENDED') this.#failedWith(code);
  }

  /** Seals a batch again whose keys turned; false if that is not why it was refused. */
  #isSealedAgain(digest: Bytes32, code: string): boolean {
    if (code !== 'EPOCH_STALE' && code !== 'SEAL_UNGUARDED') return false;
    // A batch that was sent twice is refused twice.
    if (this.#heard.has(`${digest} again`)) return true;
    if (!this.sensor.unseal(digest)) return false;
    this.#isNew(digest, 'again');
    this.#failedWith(code);
    this.sensor.seal?.forget();
    this.#sealAll();
    return true;
  }

  /** Tells whether it is the first time that this is heard of a batch. */
  #isNew(digest: Bytes32, state: string): boolean {
    return this.#heard.size !== this.#heard.add(`${digest} ${state}`).size;
  }
}
