import type { Organisation } from '../../protocol/ids.ts';
import type { ContributorPort } from '../../services/ports.ts';
import { sayingKept } from './sayingKept.ts';
import type { TestNetwork } from './testNetwork.ts';

/**
 * Answers of an organisation that says of everything that it keeps it, signed if it must be, and keeps none of it.
 *
 * @param network - The network.
 * @param name - The organisation.
 */
export function sayingItKeeps(
  network: Pick<TestNetwork, 'file' | 'keys' | 'ports'>,
  name: Organisation,
): Pick<ContributorPort, 'keep' | 'keepRules'> {
  return {
    async keep(deposit) {
      const said = 'patient' in deposit ? sayingKept(network, [name], deposit.patient) : [];
      return await Promise.resolve(said[0]);
    },
    keepRules: async () => await Promise.resolve([]),
  };
}
