import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import type { PartyOptions } from './Party.ts';

/**
 * The clock, the randomness and the cryptography of any platform that has Web Crypto: browsers above all. In Node,
 * `machinePorts` of `medseal/node` are the faster ones.
 *
 * @example
 * ```ts
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed });
 * ```
 */
export const webPorts: Pick<PartyOptions, 'clock' | 'primitives' | 'random' | 'pause'> = {
  clock: {
    now: () => Date.now(),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  },
  primitives: portablePrimitives,
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  pause: async () =>
    await new Promise((resolve) => {
      setTimeout(resolve);
    }),
};
