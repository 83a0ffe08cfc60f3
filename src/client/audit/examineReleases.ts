import { askedView } from '../../protocol/evidence/askedView.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { opensByRelease } from '../../protocol/release/viewIdentity.ts';
import type { ViewSet } from '../../protocol/struct/requests.ts';
import { acceptedPairs, pairLeaf } from '../../protocol/evidence/viewSet.ts';
import type { Party } from '../party/Party.ts';
import type { AuditEvent, ReleaseTold } from './Audit.ts';

/** Findings about what organisations told of one view. */
export interface ReleasesExamined {
  /** Number of its record versions whose release enough organisations tell. */
  readonly enough: number;
  readonly faults: readonly string[];
}

/**
 * Examines what organisations told of a view: of one of several records each tells once for each version.
 *
 * @param party - The patient.
 * @param event - A view of records (`isRecordView`).
 * @param told - Their releases for it.
 * @param threshold - Number of organisations that open a record.
 */
export function examineReleases(
  party: Pick<Party, 'primitives'>,
  event: AuditEvent,
  told: readonly ReleaseTold[],
  threshold: number,
): ReleasesExamined {
  if (told.length === 0) return { enough: 0, faults: [] };
  const accepted = acceptedLeaves(party, event);
  const isNamed = ({ leaf }: ReleaseTold): boolean =>
    accepted === undefined || (leaf !== undefined && accepted.has(leaf));
  const by = new Map<Bytes32 | undefined, Set<Organisation>>();
  for (const { leaf, organisation } of told.filter(isNamed)) {
    by.set(leaf, (by.get(leaf) ?? new Set()).add(organisation));
  }
  const faults: string[] = [];
  // A view commits to one recipient: whoever released to another one did so for somebody whom the view does not name.
  if (new Set(told.map(({ recipient }) => recipient)).size > 1) {
    const who = namesIn(told);
    faults.push(`${who} released it to different recipients, of which the view names one`);
  }
  const stray = told.filter((each) => !isNamed(each));
  if (stray.length > 0) {
    const who = namesIn(stray);
    faults.push(`${who} released the key of a record that the view does not let its party see`);
  }
  return { enough: [...by.values()].filter(({ size }) => size >= threshold).length, faults };
}

/** Tells whether an event is a view of records, or of a takeover, that was let pass: only for such a view a key is released. */
export function isRecordView({ body, fault }: AuditEvent): boolean {
  if (body?.flag !== 'A' || fault !== undefined) return false;
  const view = askedView(body.request);
  return body.request.type === 'ViewSet' || (view !== undefined && opensByRelease(view.what));
}

/** Number of record versions that an event released: a view of several counts as one of each. */
export function versionsIn(event: AuditEvent): number {
  if (!isRecordView(event)) return 0;
  const { request, left = [] } = event.body as Body;
  return request.type === 'ViewSet' ? (request.message as ViewSet).count - left.length : 1;
}

/** Leaves of the record versions that a view of several released; undefined if its list is not known, or it is of one. */
function acceptedLeaves(
  { primitives }: Pick<Party, 'primitives'>,
  { body, pairs }: AuditEvent,
): ReadonlySet<Bytes32> | undefined {
  if (body?.request.type !== 'ViewSet' || pairs === undefined) return undefined;
  const { salt } = body.request.message as ViewSet;
  const accepted = acceptedPairs(pairs, body.left);
  return new Set(
    accepted.map((pair) => ('leaf' in pair ? pair.leaf : pairLeaf(primitives, salt, pair))),
  );
}

function namesIn(told: readonly ReleaseTold[]): string {
  return [...new Set(told.map(({ organisation }) => organisation))].join(', ');
}
