import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { KeyChangeAsked } from '../../protocol/AgentPort.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Hex } from '../../protocol/ids.ts';
import { requireEnrolled } from '../../protocol/evidence/judgeEvidence.ts';
import { requireActive } from '../../protocol/rights/judgeRight.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { parseKeyChanges } from '../../protocol/struct/parseSigned.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { requireTimely } from '../../protocol/evidence/requireTimely.ts';
import type { SignedKeyChange } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import type { AgentContext } from './AgentContext.ts';
import { depositEverywhere } from './depositEverywhere.ts';
import { placeOnLedger } from './placeOnLedger.ts';

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
  const placed = await placeOnLedger(agent, {
    about: party,
    authenticate: () => requireEnrolled(index, party),
    known: () => placedBefore(agent, change),
    call: () => ({
      to: agent.network.contracts.registry,
      data: encodeChange(agent, change),
    }),
  });
  await depositEverywhere(agent, { card });
  return placed;
}

/** Judges a change as the Registry will, and encodes it. */
function encodeChange(agent: AgentContext, change: SignedKeyChange): Hex {
  const { index } = agent;
  const { message, signature, newSignature } = change;
  requireActive(index, message.party);
  requireTimely(message.deadline, index.moment);
  const isSigned =
    signerOf(agent, 'KeyChange', message, signature) === index.signerOf(message.party) &&
    signerOf(agent, 'KeyChange', message, newSignature) === message.signer;
  if (!isSigned) throw new MedsealError('SIGNATURE_INVALID', {});
  return encodeBatch(registryAbi, 'changeKeys', [[message, [signature, newSignature]]]);
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
