import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import type { Party } from '../../client/party/Party.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Hex } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { KeyChange } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { TestNetwork } from './testNetwork.ts';

/** The parts of a network that it needs. */
export type ChangingNetwork = Pick<TestNetwork, 'file' | 'senders' | 'authorityKeys'> & {
  readonly ports: Pick<TestNetwork['ports'], 'random'>;
  readonly clock: Pick<TestNetwork['clock'], 'now' | 'advance'>;
};

/** Time that a recovery waits for a veto, milliseconds. */
const DELAY = 3 * 24 * 3600 * 1000;

/**
 * Gives a party another identity, which the ledger knows from now on; its signing key stays.
 *
 * @param network - The network.
 * @param party - The party.
 * @param change - Number of the party's change of key.
 * @param by - True if the party changes it, or the authority recovers it; a recovery waits, and time passes.
 */
export async function changeRecipient(
  network: ChangingNetwork,
  party: Party,
  change = 1,
  by: 'party' | 'authority' = 'party',
): Promise<Party> {
  const identity = ageIdentity(network.ports.random(32));
  const recipient = await recipientOf(identity, party.cipher?.kem);
  const message: KeyChange = {
    party: party.address,
    signer: party.address,
    recipient: recipientHash(party.primitives, recipient),
    change,
    deadline: seconds(network.clock) + 900,
  };
  if (by === 'party') {
    const signed = sign(party, party, 'KeyChange', message);
    await send(
      network,
      encodeBatch(registryAbi, 'changeKeys', [[message, [signed.signature, signed.signature]]]),
    );
  } else {
    const signatures = network.authorityKeys
      .toSorted((left, right) => (left.address < right.address ? -1 : 1))
      .map((key) => sign(party, key, 'Recovery', message).signature);
    await send(network, encodeBatch(registryAbi, 'recover', [{ message, signatures }]));
    network.clock.advance(DELAY);
    await send(network, encodeBatch(registryAbi, 'finishRecoveries', [[party.address]]));
  }
  const { keys } = party;
  const changed = {
    seed: () => keys.seed(),
    signingKey: () => keys.signingKey(),
    identity: () => identity,
  };
  return { ...party, keys: changed, recipient };
}

async function send(network: ChangingNetwork, data: Hex): Promise<void> {
  const to = network.file.contracts.registry;
  const receipt = await network.senders.get('hospital')?.send({ to, data });
  const refusal = readEvents(receipt?.logs ?? []).find(({ kind }) => kind === 'Refused');
  if (refusal !== undefined) throw new Error(JSON.stringify(refusal));
}
