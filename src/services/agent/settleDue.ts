import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { claimsAbi } from '../../bindings/generated/claimsAbi.ts';
import { hideTerms } from '../../bindings/hideTerms.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Settled, SettlementAsked } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { hasTerm } from '../../protocol/care/isPendingClaim.ts';
import { lotHashOf } from '../../protocol/care/lotHashOf.ts';
import type { Hex } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import { SETTLEMENT_ASKED } from '../../protocol/shapes/askedShapes.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { AgentContext } from './AgentContext.ts';
import { placeOnLedger } from './placeOnLedger.ts';

/** Calldata that changes the ledger, as far as this node can tell; undefined if nothing is left to settle. */
type Due = Hex | undefined;

/**
 * Carries a settlement that is due to the ledger, which anybody may ask for: the end of a claim's term, which pays what was
 * held, or the lot of the side that did not dispute. All that the contract will ask is looked up first, so that nobody's
 * words cost a transaction that changes nothing.
 *
 * @param agent - The agent's context.
 * @param asked - Not trusted.
 * @throws MedsealError `CONTRACT_ABSENT`, `REQUEST_MALFORMED`; `NOT_FOUND` for an unknown claim; `RULE_REFUSED` with the
 * contract's reason.
 */
export async function settleDue(agent: AgentContext, asked: SettlementAsked): Promise<Settled> {
  const to = agent.network.contracts.claims;
  if (to === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'claims' });
  }
  if (!isOfShape(SETTLEMENT_ASKED, asked)) throw malformed('settlement');
  const placed = await placeOnLedger(agent, {
    about: `settle ${canonicalJson(asked)}`,
    // A step that was settled needs no place.
    known: () => (findDue(agent, asked) === undefined ? 'settled' : undefined),
    call: () => ({ to, data: findDue(agent, asked) as Hex }),
  });
  return placed === 'settled' ? {} : { place: placed };
}

function findDue(agent: AgentContext, asked: SettlementAsked): Due {
  const claim = parseMessage('InsuranceClaim', asked.claim);
  const digest = digestOf(agent, 'InsuranceClaim', claim);
  const facts = agent.index.claims.facts(digest);
  if (facts === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  const { primitives, index } = agent;
  const hidden = hideTerms(primitives, 'InsuranceClaim', claim);
  const isOver = facts.due < index.moment;
  if (asked.due === 'lapse') {
    if (!hasTerm(facts)) return undefined;
    if (!isOver) throw refused('TermRuns');
    return encodeBatch(claimsAbi, 'lapse', [[hidden]]);
  }
  if (index.claims.lots(digest) !== undefined) return undefined;
  if (facts.state !== 'disputed') throw refused('StateUnfit');
  if (isOver) throw refused('TermLapsed');
  const expected = facts.disputant === facts.claimant ? facts.lotHash : claim.lotHash;
  if (lotHashOf(primitives, asked.lot) !== expected) throw refused('LotInvalid');
  return encodeBatch(claimsAbi, 'openLots', [[hidden, asked.lot]]);
}

function refused(reason: string): MedsealError {
  return new MedsealError('RULE_REFUSED', { reason });
}
