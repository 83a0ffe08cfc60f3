import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { AttestedFacts, Facts } from '../../protocol/evidence/facts.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { awaitBlock } from '../awaitBlock.ts';
import { claimFactsOf } from '../care/claims/claimFactsOf.ts';
import { newestAt } from './newestAt.ts';
import { placeOf } from '../placeOf.ts';
import type { FactsAsked } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Answers a question about a party and a patient from an organisation's own view of the ledger, bound to the asker's
 * nonce.
 *
 * @param context - The organisation's context.
 * @param key - The coordinator's key.
 * @param query - The question.
 */
export async function attestFacts(
  context: ServiceContext,
  key: SeatKey,
  query: FactsAsked,
): Promise<AttestedFacts> {
  const { index, primitives, clock } = context;
  const { nonce, block, ...asked } = query;
  await awaitBlock(context, Math.max(block, query.newest ?? 0));
  const party = query.party && index.party(query.party);
  const parties = query.parties?.flatMap((each) => index.party(each) ?? []);
  const signer = query.signer && index.holderOf(query.signer, query.asOf);
  const patient = query.handle && index.patient(query.handle);
  const grant = query.grant && index.grant(query.grant);
  const grants = query.grants && query.handle && index.activeGrants(query.handle);
  const prescription = query.prescription && index.prescriptions.facts(query.prescription);
  const orders = query.orders?.flatMap((order) => {
    const prescription = index.prescriptions.on(order);
    return prescription === undefined ? [] : [{ order, prescription }];
  });
  const dispense = query.dispense && index.prescriptions.dispense(query.dispense);
  const claim = query.claim && claimFactsOf(context, query.claim);
  const isTaken = query.taken && placeOf(context, query.taken) !== undefined;
  const account = query.account && index.units.account(query.account);
  const issuer = query.issuer && index.units.issuer(query.issuer);
  const newest =
    query.newest === undefined
      ? undefined
      : await newestAt(context, query.newest || block || index.block);
  const facts: Facts = {
    asked,
    ...(party && { party }),
    ...(parties && { parties }),
    ...(signer && { signer }),
    ...(patient && { patient }),
    ...(grant && { grant }),
    ...(grants && { grants }),
    ...(prescription && { prescription }),
    ...(orders && { orders }),
    ...(dispense && { dispense }),
    ...(claim && { claim }),
    ...(isTaken && { taken: true }),
    ...(account && { account }),
    ...(issuer && { issuer }),
    ...(query.past !== undefined && index.blockTime > query.past && { past: true }),
    ...(newest && { newest }),
  };
  const attestation = {
    nonce,
    facts: canonicalHash(primitives, facts),
    at: seconds(clock),
  };
  const { party: coordinator, signature } = sign(context, key, 'Attestation', attestation);
  return { facts, attestation, coordinator, signature };
}
