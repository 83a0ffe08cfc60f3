import { encodeRequests } from '../../bindings/encodeRequests.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { UnitsAsked } from '../../protocol/AgentPort.ts';
import { MOST_OUTSTANDING, type IssueUnits, type RedeemUnits } from '../../protocol/care/claims.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { UNIT_TYPES, type UnitType } from '../../protocol/struct/unitTypes.ts';
import type { AgentContext } from './AgentContext.ts';
import { placeOnLedger } from './placeOnLedger.ts';

/**
 * Carries an issue or a redemption of settlement units to the ledger. Signers, number and amount are verified here so that
 * nobody else's words cost a transaction; the contract decides. A repeat of one that the ledger already has gets its first
 * answer again.
 *
 * @param agent - The agent's context.
 * @param asked - Not trusted.
 * @throws MedsealError `CONTRACT_ABSENT`, `REQUEST_MALFORMED`, `REQUEST_LATE`; `SIGNATURE_INVALID` unless a seat of the
 * organisation, and of a redemption its holder, signed it; `RULE_REFUSED` with the contract's reason.
 */
export async function placeUnits(agent: AgentContext, asked: UnitsAsked): Promise<LedgerPlace> {
  const { index, network } = agent;
  const to = network.contracts.settlement;
  if (to === undefined) throw new MedsealError('CONTRACT_ABSENT', { contract: 'settlement units' });
  const request = parseSigned(asked?.request, UNIT_TYPES);
  // Everybody can read the ledger, and whoever signed may have another key by now.
  const known = index.units.place(request.message);
  if (known !== undefined) return known;
  const signatures = requireAuthentic(agent, request, asked.second);
  return await placeOnLedger(agent, {
    about: request.message.organisation,
    known: () => index.units.place(request.message),
    call: () => {
      if (request.message.deadline < index.moment) throw new MedsealError('REQUEST_LATE', {});
      const reason = refusalOf(agent, request.message);
      if (reason !== undefined) throw new MedsealError('RULE_REFUSED', { reason });
      const [signature, cosignature] = signatures;
      const carried = { message: request.message, signature, cosignature };
      return { to, data: encodeRequests(agent.primitives, request.type, [carried]) };
    },
  });
}

/** Requires the signatures of those whom a request names, and returns those that the contract takes. */
function requireAuthentic(
  agent: AgentContext,
  request: Signed<UnitType>,
  second: unknown,
): readonly [Hex] | readonly [Hex, Hex] {
  const { type, party, message, signature } = request;
  const signer = signerOf(agent, type, message as never, signature);
  if (type === 'IssueUnits') {
    requireSeat(agent, signer, message.organisation);
    if (signer !== party) throw new MedsealError('SIGNATURE_INVALID', {});
    return [signature];
  }
  const { holder } = message as RedeemUnits;
  const isHolder = signer === (agent.index.signerOf(holder) ?? holder) && party === holder;
  if (!isHolder || typeof second !== 'string' || !/^0x[0-9a-f]{130}$/.test(second)) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
  const seat = second as Hex;
  requireSeat(agent, signerOf(agent, type, message as never, seat), message.organisation);
  return [signature, seat];
}

function requireSeat({ network }: AgentContext, signer: Address, organisation: Hex): void {
  const isSeat = network.authority.members.some((member) => {
    return member.address === signer && organisationId(member.organisation) === organisation;
  });
  if (!isSeat) throw new MedsealError('SIGNATURE_INVALID', {});
}

/** Name of the contract's error that a request would get, before it costs a transaction. */
function refusalOf({ index }: AgentContext, message: IssueUnits | RedeemUnits): string | undefined {
  const { organisation, amount, number } = message;
  const { outstanding, number: issued } = index.units.issuer(organisation);
  if ('account' in message) {
    if (number !== issued + 1) return 'NumberUnexpected';
    return amount === 0 || outstanding + amount > MOST_OUTSTANDING ? 'AmountInvalid' : undefined;
  }
  const { number: redeemed, balance } = index.units.account(message.holder);
  if (number !== redeemed + 1) return 'NumberUnexpected';
  if (amount === 0 || amount > outstanding) return 'AmountInvalid';
  return amount > balance ? 'FundsMissing' : undefined;
}
