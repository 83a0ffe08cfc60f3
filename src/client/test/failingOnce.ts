import type { Party } from '../party/Party.ts';

/** Message of the call that fails. */
export const FAILED = 'the port failed';

/** A party of which one call of a port fails. */
export interface FailingParty {
  readonly party: Party;
  /** Number of calls so far. */
  calls(): number;
}

/**
 * The party with one call to its agent or its device that fails; those before and after it succeed.
 *
 * @param party - The party.
 * @param place - Number of the call that fails; the first is 1.
 * @param isDone - True if that call is done, but its answer is lost.
 */
export function failingOnce(party: Party, place: number, isDone: boolean): FailingParty {
  let calls = 0;
  const failing = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== 'function') return method;
        return async (...values: unknown[]) => {
          calls += 1;
          const fails = calls === place;
          if (fails && !isDone) throw new Error(FAILED);
          const value: unknown = await Reflect.apply(method, target, values);
          if (fails) throw new Error(FAILED);
          return value;
        };
      },
    });
  return {
    party: { ...party, agent: failing(party.agent), device: failing(party.device) },
    calls: () => calls,
  };
}
