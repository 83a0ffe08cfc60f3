import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { KeyChangeAsked } from '../../protocol/AgentPort.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import { requireEnrolled } from '../../protocol/judgeEvidence.ts';
import { requireActive } from '../../protocol/judgeRight.ts';
import { keyAfter } from '../../protocol/keyAfter.ts';
import { parseKeyChanges } from '../../protocol/parseSigned.ts';
import { recipientHash } from '../../protocol/recipientHash.ts';
import { requireTimely } from '../../protocol/requireTimely.ts';
import type { SignedKeyChange } from '../../protocol/requests.ts';
import { signerOf } from '../../protocol/signing.ts';
import type { AgentContext } from './AgentContext.ts';
import { depositEverywhere } from './depositEverywhere.ts';

/**
 * Carries a change of a party's key to the ledger, then deposits the party's card with nodes. Both keys must have
 * signed it, which is verified here so that nobody else's words cost a transaction. A repeat of a change that the
 * ledger already has gets its first answer again.
 *
 * @param agent - The agent's context.
 * @param asked - Not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `SIGNATURE_INVALID`, `REQUEST_LATE`,
 * `REQUEST_EARLY`; `RULE_REFUSED` with the contract's reason.
 */
export async function placeKeyChange(
  agent: AgentContext,
  asked: KeyChangeAsked,
): Promise<LedgerPlace> {
  const { index, primitives } = agent;
  const [change] = parseKeyChanges([asked?.change]);
  const { party, recipient } = asked.card ?? {};
  const fits =
    change !== undefined &&
    change.message.party === party &&
    typeof recipient === 'string' &&
    recipientHash(primitives, recipient) === change.message.recipient;
  if (!fits) throw malformed('card');
  const proof = parseKeyChanges(asked.card.keyChanges);
  if (keyAfter(agent, party, proof) !== change.message.signer) throw malformed('keyChanges');
  const card = { party, recipient, keyChanges: proof };
  const placed = await agent.changing.run(party, async () => {
    await index.refresh();
    requireEnrolled(index, party);
    return placedBefore(agent, change) ?? (await place(agent, change));
  });
  await depositEverywhere(agent, { card });
  return placed;
}

async function place(agent: AgentContext, change: SignedKeyChange): Promise<LedgerPlace> {
  const { index, network, sender } = agent;
  const { message, signature, newSignature } = change;
  requireActive(index, message.party);
  requireTimely(message.deadline, index.moment);
  const isSigned =
    signerOf(agent, 'KeyChange', message, signature) === index.signerOf(message.party) &&
    signerOf(agent, 'KeyChange', message, newSignature) === message.signer;
  if (!isSigned) throw new MedsealError('SIGNATURE_INVALID', {});
  const data = encodeBatch(registryAbi, 'changeKeys', [[message, [signature, newSignature]]]);
  const receipt = await sender.send({ to: network.contracts.registry, data });
  await index.refresh();
  for (const event of readEvents(receipt.logs)) {
    if (event.kind !== 'Refused') continue;
    // A change that the ledger refuses because it has it already was sent twice at once.
    const before = placedBefore(agent, change);
    if (before !== undefined) return before;
    throw new MedsealError('RULE_REFUSED', { reason: event.error });
  }
  return { transaction: receipt.transaction, block: receipt.block };
}

function placedBefore(
  { index }: AgentContext,
  { message }: SignedKeyChange,
): LedgerPlace | undefined {
  const { key, recipient } = index.party(message.party) ?? {};
  const isPresent =
    key?.signer === message.signer &&
    key.change === message.change &&
    recipient === message.recipient;
  const place = isPresent ? index.keyChanged(message.party) : undefined;
  return place && { transaction: place.transaction, block: place.block };
}
