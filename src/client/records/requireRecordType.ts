import { MedsealError } from '../../errors/MedsealError.ts';
import { requireProfile } from '../../fhir/requireProfile.ts';
import { RECORD_TYPE_RULES, type RecordType } from '../../protocol/struct/recordTypes.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';

/** A record that is said to be of a type. */
export interface TypedRecord {
  readonly type: RecordType;
  /** True for the party's own chart, on which it may put a copy of anything. */
  readonly own: boolean;
  /** Entries of a valid bundle; absent for a document, whose type its author states. */
  readonly entries?: readonly { readonly resource?: unknown }[];
}

/**
 * Requires that a party may write a record of a type, before it is sealed: its role is one of the type's authors, and
 * FHIR has what the type's profile asks for. Nodes cannot see the content; they judge the author of vital records again.
 *
 * @param party - The author.
 * @param record - The type, the chart, and the content if it is FHIR.
 * @throws MedsealError `ROLE_UNFIT`, `FHIR_INVALID`, `PARTY_UNKNOWN`; what `confirmFacts` throws.
 * @example
 * ```ts
 * const { authors } = RECORD_TYPE_RULES.medication;
 * console.log(`written by ${authors.join(', ')}`);
 * await requireRecordType(doctor, { type: 'medication', own: false });
 * ```
 */
export async function requireRecordType(
  party: Party,
  { type, own, entries }: TypedRecord,
): Promise<void> {
  if (entries !== undefined) requireProfile(type, entries);
  if (own) return;
  const facts = await confirmFacts(party, { party: party.address });
  const role = facts.party?.role;
  if (role === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (RECORD_TYPE_RULES[type].authors.some((each) => each === role)) return;
  throw new MedsealError('ROLE_UNFIT', { what: `a record of type ${type}`, role });
}
