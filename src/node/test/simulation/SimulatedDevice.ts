import type { DeviceStore } from '../../../client/party/DeviceStore.ts';

/** A party's device, which outlives the program on it. */
export class SimulatedDevice implements DeviceStore {
  readonly #values: Map<string, string>;

  /** @param values - Its contents at the start. */
  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.#values = new Map(values);
  }

  async read(name: string): Promise<unknown> {
    return await Promise.resolve(JSON.parse(this.#values.get(name) ?? 'null') ?? undefined);
  }

  async write(name: string, value: unknown): Promise<void> {
    this.#values.set(name, JSON.stringify(value));
    await Promise.resolve();
  }

  /** Another device that holds the same. */
  copy(): SimulatedDevice {
    return new SimulatedDevice(this.#values);
  }
}
