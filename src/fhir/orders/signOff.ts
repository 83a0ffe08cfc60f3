import type { Provenance } from '@medplum/fhirtypes';
import type { RecordId } from '../../protocol/ids.ts';
import { codesIn } from '../codeOf.ts';
import { fieldOf, listOf } from '../fieldOf.ts';
import { type Amendment, makeProvenance } from '../makeProvenance.ts';
import { recordReference, recordsReferred, type RecordReferred } from './recordReference.ts';

/** A report, or one of its results, in the version that was seen. */
export type RecordSeen = Required<RecordReferred>;

/** Results of an order that its author has seen. */
export interface SignOff {
  readonly order: RecordId;
  readonly seen: readonly RecordSeen[];
  /** Records that may be reports or results of the order, and that its author could not read. */
  readonly unread?: readonly RecordSeen[];
}

/** Extension of a sign-off: a record that whoever signed could not read. */
const UNREAD = 'urn:medseal:unread';

const HL7 = 'http://terminology.hl7.org/CodeSystem';

/**
 * A FHIR R4 Provenance by which the author of an order says that its results were seen: its target is each report and
 * each result in the version that was seen, its agent the verifier. Extensions name what could not be read. The signed entry of its record
 * proves it.
 *
 * @param amendment - Author, time and purpose.
 * @param signOff - The order, and at least one report with its results.
 */
export function makeSignOff(
  amendment: Amendment,
  { order, seen, unread = [] }: SignOff,
): Provenance {
  const { agent, ...made } = makeProvenance(amendment, 'UPDATE', []);
  const type = { coding: [{ system: `${HL7}/provenance-participant-type`, code: 'verifier' }] };
  return {
    ...made,
    ...(unread.length > 0 && {
      extension: unread.map((each) => ({ url: UNREAD, valueReference: recordReference(each) })),
    }),
    target: seen.map(recordReference),
    activity: { text: 'Results signed off' },
    agent: agent.map((each) => ({ ...each, type })),
    entity: [{ role: 'source', what: recordReference({ record: order }) }],
  };
}

/**
 * Reads a sign-off as `makeSignOff` writes it.
 *
 * @param resource - Not trusted.
 * @returns Undefined if it is something else.
 */
export function signOffIn(resource: unknown): Required<SignOff> | undefined {
  if (fieldOf(resource, 'resourceType') !== 'Provenance') return undefined;
  const types = listOf(fieldOf(resource, 'agent')).flatMap((each) => [
    ...codesIn(fieldOf(each, 'type')),
  ]);
  const [order] = listOf(fieldOf(resource, 'entity')).flatMap((each) =>
    recordsReferred(fieldOf(each, 'what')),
  );
  if (!types.includes('verifier') || order === undefined) return undefined;
  const seen = versionsIn(fieldOf(resource, 'target'));
  const unread = listOf(fieldOf(resource, 'extension'))
    .filter((each) => fieldOf(each, 'url') === UNREAD)
    .flatMap((each) => versionsIn(fieldOf(each, 'valueReference')));
  return { order: order.record, seen, unread };
}

function versionsIn(element: unknown): readonly RecordSeen[] {
  return recordsReferred(element).flatMap(({ record, version }) =>
    version === undefined ? [] : [{ record, version }],
  );
}
