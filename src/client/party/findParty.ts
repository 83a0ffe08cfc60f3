import { addressOf } from '../../crypto/addressOf.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { PartyCard } from '../../protocol/AgentPort.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Address } from '../../protocol/ids.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { PartyOptions } from './Party.ts';

/**
 * Finds the party that a seed belongs to: after a change of key the seed alone does not give the party's address. The
 * agent is asked, and the party's signed changes of key prove its answer.
 *
 * @param at - The pinned network file, an agent, and the primitives.
 * @param seed - 32 bytes, such as those of a phrase.
 * @returns The address to open the party with: that of the seed's own key if no party has it as a later key.
 * @throws MedsealError `KEY_CHANGED` if the party has taken another key since; `KEY_UNAUTHENTIC` if the agent names a
 * party that this key is not of; `SEED_MALFORMED`, `PEER_UNREACHABLE`.
 * @example
 * ```ts
 * const seed = phraseToSeed(phrase);
 * const at = { ...webPorts, network, agent, log: 'care/hospital', device };
 * const patient = await openParty({ ...at, seed, address: await findParty(at, seed) });
 * ```
 */
export async function findParty(
  at: Pick<PartyOptions, 'network' | 'agent' | 'primitives'>,
  seed: Uint8Array,
): Promise<Address> {
  const { network, agent, primitives } = at;
  const key = addressOf(primitives, primitives.publicKey(new PartyKeys(seed).signingKey()));
  const card = await agent.card(key).catch(unlessUnknown);
  if (card === undefined) return key;
  const { party, keyChanges = [] } = card;
  const context = { domain: domainOf(network), primitives, network };
  const isOwn =
    [party, ...keyChanges.map(({ message }) => message.signer)].includes(key) &&
    succeeds(() => keyAfter(context, party, keyChanges) !== undefined);
  if (!isOwn) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'party of the key' });
  if ((keyChanges.at(-1)?.message.signer ?? party) === key) return party;
  throw new MedsealError('KEY_CHANGED', {});
}

function unlessUnknown(error: unknown): PartyCard | undefined {
  if (!isMedsealError(error, 'NOT_FOUND')) throw error;
  return undefined;
}
