import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import type { Address } from '../../protocol/ids.ts';
import { sign, type SigningContext } from '../../protocol/struct/signing.ts';
import type { TestNetwork } from './testNetwork.ts';

/**
 * Has the authority suspend a party, or lift its suspension.
 *
 * @param network - The network.
 * @param party - The party, and how requests to its network are signed.
 * @param change - Odd to suspend, even to lift: the number of the party's suspension or lifting.
 */
export async function suspend(
  network: TestNetwork,
  party: SigningContext & { readonly address: Address },
  change: number,
): Promise<void> {
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  const suspended = change % 2 === 1;
  const message = { party: party.address, suspended, change, deadline };
  const signatures = network.authorityKeys
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
    .map((key) => sign(party, key, 'Suspension', message).signature);
  const data = encodeBatch(registryAbi, 'suspend', [{ message, signatures }]);
  const to = network.file.contracts.registry;
  const receipt = await network.senders.get('hospital')?.send({ to, data });
  const refusal = readEvents(receipt?.logs ?? []).find(({ kind }) => kind === 'Refused');
  if (refusal !== undefined) throw new Error(JSON.stringify(refusal));
}
