import { recordTypeOf } from '../../fhir/recordTypeOf.ts';
import type { Address } from '../../protocol/ids.ts';
import { RECORD_TYPE_RULES, type RecordType } from '../../protocol/struct/recordTypes.ts';
import type { Role, Service } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';

/** The type that a record says itself, and its author's role. */
export interface RecordTypeConfirmed {
  readonly type: RecordType;
  /** Role of its author, as coordinators confirm it; absent if they know no such party. */
  readonly role?: Role | Service;
  /** True if that role writes such records; a patient's own is a copy. */
  readonly fits: boolean;
}

/**
 * Tells which of the six types a record that was opened says that it is, and whether its author's role writes such
 * records: nodes cannot see the content, so its reader judges it.
 *
 * @param party - The reader.
 * @param entries - Entries of the opened part; not trusted.
 * @param author - The author of the verified entry.
 * @returns Undefined if it is of no such type.
 * @throws MedsealError `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const { content } = await readRecord(doctor, chart, record);
 * const part = decodePart(content);
 * const known = await confirmRecordType(doctor, part.entries, record.author);
 * if (known?.fits === false) console.log(`${known.type}, written by ${known.role}`);
 * ```
 */
export async function confirmRecordType(
  party: Party,
  entries: readonly { readonly resource?: unknown }[],
  author: Address,
): Promise<RecordTypeConfirmed | undefined> {
  const type = recordTypeOf(entries);
  if (type === undefined) return undefined;
  const role = (await confirmFacts(party, { party: author })).party?.role;
  const fits = RECORD_TYPE_RULES[type].authors.some((each) => each === role);
  return { type, ...(role && { role }), fits };
}
