import type { Organisation } from '../../protocol/ids.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { SignedState } from '../../services/deposits/stateIn.ts';
import type { StateGiven, StateWanted } from '../../services/ports.ts';
import { stateGiven } from '../../services/contributor/stateGiven.ts';
import type { TestNetwork } from './testNetwork.ts';

/**
 * Makes the answers of an organisation whose coordinator signs that a state is its newest, whatever it keeps.
 *
 * @param network - The network.
 * @param name - The organisation.
 * @param known - The state; undefined for none.
 */
export function sayingState(
  { file, keys, ports }: Pick<TestNetwork, 'file' | 'keys' | 'ports'>,
  name: Organisation,
  known: SignedState | undefined,
): (wanted: StateWanted) => Promise<StateGiven> {
  const key = keys.get(name)?.coordinator;
  if (key === undefined) throw new Error(`no organisation ${name}`);
  const deposits = { signedState: async () => await Promise.resolve(known) };
  return async (wanted) =>
    await stateGiven({ ...ports, domain: domainOf(file) }, { key, deposits }, wanted);
}
