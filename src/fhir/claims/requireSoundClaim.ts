import type { Claim, Invoice } from '@medplum/fhirtypes';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';
import type { InsuranceClaim } from '../../protocol/care/claims.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { treatmentNullifier } from '../../protocol/care/treatmentNullifier.ts';
import { unitsOf } from './money.ts';

/** Documents that a signed claim binds. */
export interface ClaimDocuments {
  readonly claim: Claim;
  readonly bill: Invoice;
  /** ISO 4217 code of the currency that units are hundredths of. */
  readonly currency: string;
  /** The write in the treatment's first entry, for whoever holds its body. */
  readonly first?: Pick<Write, 'handle' | 'record' | 'salt'>;
}

/**
 * Requires that a claim's documents are those that its claimant signed, and say what the ledger does: the bill was not
 * altered, its lines add up to its total, the ledger has that total, and no more is asked for.
 *
 * @param primitives - SHA-256 and Keccak-256.
 * @param networkId - The network's id.
 * @param message - The claim, as it was signed.
 * @param documents - Claim and bill, not trusted.
 * @throws MedsealError `CLAIM_ALTERED` that names what differs; `FHIR_INVALID` for an amount that cannot be.
 * @example
 * ```ts
 * const { primitives, network } = patient;
 * requireSoundClaim(primitives, network.networkId, claimed, { claim, bill, currency: 'EUR' });
 * ```
 */
export function requireSoundClaim(
  primitives: Pick<Primitives, 'sha256' | 'keccak256'>,
  networkId: Bytes32,
  message: InsuranceClaim,
  { claim, bill, currency, first }: ClaimDocuments,
): void {
  const { terms, amount, total, treatment } = message;
  const hash = (document: object): Bytes32 => canonicalHash(primitives, document);
  if (hash(bill) !== terms.bill) throw altered('bill');
  if (hash(claim) !== terms.content) throw altered('claim');
  const lines = bill.lineItem ?? [];
  const sum = lines.reduce((before, { priceComponent = [] }) => {
    return priceComponent.reduce((all, part) => all + unitsOf(part.amount, currency), before);
  }, 0);
  const billed = unitsOf(bill.totalGross, currency);
  if (sum !== billed || unitsOf(bill.totalNet, currency) !== billed)
    throw altered('sum of the bill');
  if (total !== billed) throw altered('total of the bill');
  if (unitsOf(claim.total, currency) !== amount || amount > billed) throw altered('amount');
  const isAhead = treatment === ZERO32;
  if ((claim.use === 'preauthorization') !== isAhead) throw altered('use of the claim');
  if (isAhead || first === undefined) return;
  if (treatmentNullifier(primitives, networkId, first) !== treatment) throw altered('treatment');
}

function altered(what: string): MedsealError {
  return new MedsealError('CLAIM_ALTERED', { what });
}
