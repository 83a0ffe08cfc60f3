import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { DeviceStore } from '../party/DeviceStore.ts';
import type { Party } from '../party/Party.ts';

/** Message of every call of a device that has died. */
export const DIED = 'the device died';

/** A party at a device that dies, and the names of its calls in their order. */
export interface DyingDevice {
  readonly party: Party;
  calls(): readonly string[];
}

/**
 * The party at a device that dies at one of its calls to the agent or to its own store. `download` streams, and is not
 * counted.
 *
 * @param party - At a device that lives.
 * @param step - Number of the call at which it dies; the first is 1.
 * @param done - True if that call is done, but nobody learns of it.
 */
export function dyingDevice(party: Party, step: number, done: boolean): DyingDevice {
  const calls: string[] = [];
  const count = async <Value>(call: string, run: () => Promise<Value>): Promise<Value> => {
    const number = calls.push(call);
    if (number > step || (number === step && !done)) throw new Error(DIED);
    const value = await run();
    if (calls.length === step) throw new Error(DIED);
    return value;
  };
  const counting = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as
          ((...values: unknown[]) => Promise<unknown>) | undefined;
        // A device that nobody else uses has no lock.
        if (method === undefined) return undefined;
        if (name === 'download') return method.bind(target);
        return async (...values: unknown[]) =>
          await count(name as string, async () => await method(...values));
      },
    });
  const agent: AgentPort = counting(party.agent);
  const device: DeviceStore = counting(party.device);
  return { party: { ...party, agent, device }, calls: () => calls };
}
