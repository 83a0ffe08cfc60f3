import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import type { AgentContext } from './AgentContext.ts';
import { placeOnLedger } from './placeOnLedger.ts';

/**
 * Carries a suspension, or its lifting, to the ledger. Whoever brings it, it is the authority's: k members of different
 * organisations signed it, which is verified here so that nobody else's words cost a transaction. Everybody can read a
 * signed one off the ledger, so one that the ledger has, or would refuse, costs none either.
 *
 * @param agent - The agent's context.
 * @param suspension - Not trusted.
 * @throws MedsealError `SIGNATURE_INVALID`, `REQUEST_MALFORMED`, `REQUEST_LATE`, `PARTY_UNKNOWN`; `RULE_REFUSED` with the
 * contract's reason, `ChangeUnexpected` for one that was carried before.
 */
export async function placeSuspension(
  agent: AgentContext,
  suspension: SignedSuspension,
): Promise<LedgerPlace> {
  const { network } = agent;
  const message = parseMessage('Suspension', suspension?.message);
  const given: unknown = suspension.signatures;
  if (!Array.isArray(given) || given.length > network.authority.members.length) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'signatures' });
  }
  const bySigner = new Map(
    suspension.signatures.map((signature) => {
      return [signerOf(agent, 'Suspension', message, signature), signature] as const;
    }),
  );
  const members = network.authority.members.filter(({ address }) => bySigner.has(address));
  const organisations = new Set(members.map(({ organisation }) => organisation));
  if (organisations.size < network.authority.threshold) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
  const signatures = members
    .map(({ address }) => address)
    .toSorted()
    .map((address) => bySigner.get(address) ?? '0x');
  return await placeOnLedger<LedgerPlace>(agent, {
    about: message.party,
    // Each has a number, so the contract tells one that was carried before.
    known: () => undefined,
    call: () => {
      requireNext(agent, message);
      const data = encodeBatch(registryAbi, 'suspend', [{ message, signatures }]);
      return { to: network.contracts.registry, data };
    },
  });
}

function requireNext({ index }: AgentContext, message: Suspension): void {
  const known = index.party(message.party);
  if (known === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (message.deadline < index.moment) throw new MedsealError('REQUEST_LATE', {});
  if (message.change === known.standing + 1) return;
  throw new MedsealError('RULE_REFUSED', { reason: 'ChangeUnexpected' });
}
