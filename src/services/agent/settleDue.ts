import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { encodeCollection } from '../../bindings/encodeClaims.ts';
import { claimsAbi } from '../../bindings/generated/claimsAbi.ts';
import { settlementAbi } from '../../bindings/generated/settlementAbi.ts';
import { readAccountSince } from '../../bindings/readAccountSince.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Settled, SettlementAsked } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import { isPendingClaim } from '../../protocol/isPendingClaim.ts';
import type { ClaimFacts, InsuranceClaim } from '../../protocol/claims.ts';
import { claimTermsOf } from '../../protocol/claimTermsOf.ts';
import type { Address, Bytes32, Hex } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/isOfShape.ts';
import { parseMessage } from '../../protocol/parseSigned.ts';
import { SETTLEMENT_ASKED } from '../../protocol/shapes/askedShapes.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { AgentContext } from './AgentContext.ts';

/** A transaction that changes the ledger, as far as this node can tell; undefined if nothing is left to settle. */
type Due = { readonly to: Address; readonly data: Hex } | undefined;

/**
 * Carries a settlement that is due to the ledger, which anybody may ask for: the end of a claim's term, what the payees of a
 * reversed claim owe, or the clearing of an account. All that the contract will ask is looked up first, so that
 * nobody's words cost a transaction that changes nothing.
 *
 * @param agent - The agent's context.
 * @param asked - Not trusted.
 * @throws MedsealError `CONTRACT_ABSENT`, `REQUEST_MALFORMED`; `NOT_FOUND` for an unknown claim; `RULE_REFUSED` with the
 * contract's reason.
 */
export async function settleDue(agent: AgentContext, asked: SettlementAsked): Promise<Settled> {
  if (agent.network.contracts.claims === undefined) {
    throw new MedsealError('CONTRACT_ABSENT', { contract: 'claims' });
  }
  if (!isOfShape(SETTLEMENT_ASKED, asked)) throw malformed('settlement');
  return await agent.changing.run(`settle ${canonicalJson(asked)}`, async () => {
    await agent.index.refresh();
    const due = await findDue(agent, asked);
    if (due === undefined) return {};
    try {
      return await carry(agent, due);
    } catch (error) {
      // Another node may have carried the same one at the same time.
      if ((await findDue(agent, asked)) === undefined) return {};
      throw error;
    }
  });
}

async function findDue(agent: AgentContext, asked: SettlementAsked): Promise<Due> {
  switch (asked.due) {
    case 'lapse':
      return lapseOf(agent, asked.claim);
    case 'collect':
      return collectionOf(agent, parseMessage('InsuranceClaim', asked.claim));
    case 'clear':
      return await clearingOf(agent, asked.account);
  }
}

function lapseOf(agent: AgentContext, claim: Bytes32): Due {
  const facts = requireKnown(agent, claim);
  if (!isPendingClaim(facts)) return undefined;
  if (facts.due >= agent.index.moment) throw refused('TermRuns');
  return { to: contractOf(agent, 'claims'), data: encodeBatch(claimsAbi, 'lapse', [[claim]]) };
}

function collectionOf(agent: AgentContext, claim: InsuranceClaim): Due {
  const facts = requireKnown(agent, digestOf(agent, 'InsuranceClaim', claim));
  if (facts.state !== 'reversed') throw refused('StateUnfit');
  const owed = [
    [facts.payee, facts.paid],
    [facts.other, facts.otherPaid],
  ] as const;
  const debtors = owed.filter(([, amount]) => amount > 0);
  if (debtors.length === 0) return undefined;
  const has = debtors.some(([account]) => {
    const { balance, position } = agent.index.units.account(account);
    return balance + position > 0;
  });
  if (!has) throw refused('FundsMissing');
  return { to: contractOf(agent, 'claims'), data: encodeCollection(agent.primitives, [claim]) };
}

async function clearingOf(agent: AgentContext, account: Address): Promise<Due> {
  const { index, network } = agent;
  const to = contractOf(agent, 'settlement');
  const { position } = index.units.account(account);
  if (position === 0) return undefined;
  const since = await readAccountSince(agent.ledger, to, account);
  const { period } = claimTermsOf(network);
  if (since >= Math.floor(index.moment / period)) throw refused('ClearingEarly');
  const isPaidIn = position < 0 || index.units.account(to).balance > 0;
  if (!isPaidIn) throw refused('NothingToClear');
  return { to, data: encodeBatch(settlementAbi, 'clear', [[account]]) };
}

async function carry(agent: AgentContext, due: NonNullable<Due>): Promise<Settled> {
  const { logs, transaction, block } = await agent.sender.send(due);
  await agent.index.refresh();
  for (const event of readEvents(logs)) {
    if (event.kind === 'Refused') throw refused(event.error);
  }
  return { place: { transaction, block } };
}

function requireKnown({ index }: AgentContext, claim: Bytes32): ClaimFacts {
  const facts = index.claims.facts(claim);
  if (facts === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  return facts;
}

function contractOf({ network }: AgentContext, contract: 'claims' | 'settlement'): Address {
  const address = network.contracts[contract];
  if (address === undefined) throw new MedsealError('CONTRACT_ABSENT', { contract });
  return address;
}

function refused(reason: string): MedsealError {
  return new MedsealError('RULE_REFUSED', { reason });
}
