import type { Party } from '../../src/client/party/Party.ts';
import type { Death } from './Step.ts';

/** A party at a device that dies. */
export interface DyingParty {
  readonly party: Party;
  /** Tells whether it has died: what it does then fails, and what nobody waits for, too. */
  readonly dead: () => boolean;
}

/** Error of a device that has died. */
export const DIED = 'the device died';

/**
 * The same party at a device that dies at one of its calls; at one that lives if none is named.
 *
 * @param party - The party.
 * @param death - The call at which it dies.
 */
export function dyingParty(party: Party, death: Death | undefined): DyingParty {
  if (death === undefined) return { party, dead: () => false };
  let calls = 0;
  let dead = false;
  const begin = (): boolean => {
    calls += 1;
    const isLast = calls === death.call;
    if (isLast && !death.done) dead = true;
    if (dead) throw new Error(DIED);
    return isLast;
  };
  const counting = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...values: unknown[]) => unknown;
        if (typeof method !== 'function') return method;
        // A stream is begun by its call.
        if (name === 'download') {
          return (...values: unknown[]) => {
            begin();
            return Reflect.apply(method, target, values);
          };
        }
        return async (...values: unknown[]) => {
          const isLast = begin();
          const value: unknown = await Reflect.apply(method, target, values);
          if (isLast) dead = true;
          if (dead) throw new Error(DIED);
          return value;
        };
      },
    });
  const dying = { ...party, agent: counting(party.agent), device: counting(party.device) };
  return { party: dying, dead: () => dead };
}
