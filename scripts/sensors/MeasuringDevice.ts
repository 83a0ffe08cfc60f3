import type { Address, Bytes32 } from '../../src/protocol/ids.ts';
import type { MessageSigned } from '../../src/protocol/sensors/signReadings.ts';
import { openMqttLine } from '../../src/sensors/simulate/openMqttLine.ts';
import type { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';

/** State of a batch that a test waits for. */
type Awaited = 'stored' | 'entered';

interface Waiting {
  readonly state: Awaited;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** A simulated device at a broker that measures when a test says so, a second each time. */
export class MeasuringDevice {
  readonly #sensor: SimulatedSensor;
  readonly #waiting = new Map<Bytes32, Waiting>();
  #close: () => Promise<void> = async () => await Promise.resolve();
  #send: (batch: MessageSigned) => void = () => undefined;
  #at = Date.now();

  private constructor(sensor: SimulatedSensor) {
    this.#sensor = sensor;
  }

  /**
   * Connects a device to a broker.
   *
   * @param url - The broker.
   * @param sensor - The device; it knows its right.
   */
  static async open(url: string, sensor: SimulatedSensor): Promise<MeasuringDevice> {
    const device = new MeasuringDevice(sensor);
    const line = await openMqttLine(url, sensor.address, {
      reopened: () => undefined,
      bound: () => undefined,
      told: ({ digest, state }) => {
        const waiting = device.#waiting.get(digest);
        // A batch that is on the chart was stored before.
        if (waiting?.state === state || state === 'entered') waiting?.resolve();
      },
      failed({ digest, code, again }) {
        if (digest !== undefined && !again) {
          device.#waiting.get(digest)?.reject(new Error(`the device was told ${code}`));
        }
      },
    });
    device.#send = (batch) => line.send(batch);
    device.#close = async () => await line.close();
    return device;
  }

  get address(): Address {
    return this.#sensor.address;
  }

  /** Moment of the next batch, Unix milliseconds. */
  get at(): number {
    return this.#at;
  }

  get grant(): Bytes32 | undefined {
    return this.#sensor.grant;
  }

  get hello(): string {
    return this.#sensor.hello;
  }

  /** Measures a batch that nobody gets. */
  loses(): void {
    const { digest } = this.#measure();
    this.#sensor.forget(digest);
  }

  /** Sends a batch, and waits until the gateway has stored it. */
  async stores(): Promise<void> {
    await this.#sends('stored');
  }

  /** Sends a batch, and waits until it is on the chart. */
  async enters(): Promise<void> {
    await this.#sends('entered');
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #sends(state: Awaited): Promise<void> {
    const batch = this.#measure();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.set(batch.digest, { state, resolve, reject });
    this.#send(batch);
    await promise;
    this.#waiting.delete(batch.digest);
    this.#sensor.forget(batch.digest);
  }

  #measure(): MessageSigned {
    const batch = this.#sensor.measure(1, this.#at);
    this.#at += 1000;
    return batch;
  }
}
