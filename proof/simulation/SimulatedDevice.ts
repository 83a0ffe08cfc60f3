import type { DeviceStore } from '../../src/client/party/DeviceStore.ts';

/** A party's device, which outlives the program on it. */
export class SimulatedDevice implements DeviceStore {
  readonly #values: Map<string, string>;

  /** @param values - Its contents at the start. */
  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.#values = new Map(values);
  }

  // Tests put devices behind others that pass on these two.
  readonly read = async (name: string): Promise<unknown> =>
    await Promise.resolve(JSON.parse(this.#values.get(name) ?? 'null') ?? undefined);

  readonly write = async (name: string, value: unknown): Promise<void> => {
    if (value === null) this.#values.delete(name);
    else this.#values.set(name, JSON.stringify(value));
    await Promise.resolve();
  };

  /** Number of characters of each value. */
  get sizes(): ReadonlyMap<string, number> {
    return new Map([...this.#values].map(([name, value]) => [name, value.length]));
  }

  /** Another device that holds the same. */
  copy(): SimulatedDevice {
    return new SimulatedDevice(this.#values);
  }
}
