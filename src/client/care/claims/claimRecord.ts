import type { Claim } from '@medplum/fhirtypes';
import type { Primitives } from '../../../crypto/Primitives.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import { parseMessage } from '../../../protocol/struct/parseSigned.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';

/** Extension of a Claim that holds the signed claim. */
export const CLAIM_EXTENSION = 'urn:medseal:claim';

/** A claim as the record of its FHIR Claim has it. */
export interface ClaimRecord {
  /** The Claim, without the extension. */
  readonly claim: Claim;
  readonly message: InsuranceClaim;
}

/**
 * The resource that goes to the chart: the FHIR Claim with the claim that is signed in an extension. The record's own entry
 * is not known yet; it is the last of the records that the claim names.
 *
 * @param written - Claim, and message without the record's own entry.
 */
export function recordOfClaim({ claim, message }: ClaimRecord): Claim {
  return { ...claim, extension: [{ url: CLAIM_EXTENSION, valueString: canonicalJson(message) }] };
}

/**
 * Parses such a resource.
 *
 * @param primitives - SHA-256.
 * @param place - Chart and entry that it was read from.
 * @param resource - Not trusted: the claim counts once the ledger knows its digest.
 * @returns Undefined if it is not a claim of this chart.
 */
export function claimIn(
  primitives: Pick<Primitives, 'sha256'>,
  { handle, entry }: { readonly handle: Handle; readonly entry: Bytes32 },
  resource: unknown,
): ClaimRecord | undefined {
  const { extension, ...claim } = (resource ?? {}) as Partial<Claim>;
  if (claim.resourceType !== 'Claim' || !Array.isArray(extension)) return undefined;
  const said = extension.find((each) => each?.url === CLAIM_EXTENSION)?.valueString;
  try {
    const written = parseMessage('InsuranceClaim', JSON.parse(String(said)));
    const message = withOwnEntry(written, entry);
    const { terms } = message;
    if (terms.handle !== handle || terms.content !== contentHash(primitives, claim))
      return undefined;
    return { claim: claim as Claim, message };
  } catch {
    return undefined;
  }
}

/**
 * The claim with the entry of its own record.
 *
 * @param message - As it is written in the record.
 * @param entry - The record's entry.
 */
export function withOwnEntry({ terms, ...others }: InsuranceClaim, entry: Bytes32): InsuranceClaim {
  return { ...others, terms: { ...terms, records: [...terms.records, entry] } };
}
