import type { Primitives } from '../../crypto/Primitives.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import type { DestroyedAt } from '../../protocol/evidence/verifyErasure.ts';
import { acceptedPairs, pairLeaf, pairName } from '../../protocol/evidence/viewSet.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { ViewSet, Write } from '../../protocol/struct/requests.ts';
import type { AuditEvent } from './Audit.ts';
import { isRecordView } from './examineReleases.ts';

/** An act of an organisation by which it shows that it had not destroyed what it says it had. */
export interface ServedAfter extends LogPlace {
  readonly organisation: Organisation;
  /** Unix seconds. */
  readonly at: number;
  /** True if it released the key of an erased version; else it let somebody see one. */
  readonly isRelease: boolean;
}

/**
 * Finds what organisations did with erased versions after they had destroyed them by their own word: a view that the organisation's log
 * let pass, and a release that it tells itself.
 *
 * @param context - SHA-256, and the network file.
 * @param events - Of all logs of an audit.
 * @param versions - The erased versions.
 * @param destroyed - Statements of the organisations; of several of one, the earliest date counts.
 */
export function servedAfter(
  { primitives, network }: { readonly primitives: Primitives; readonly network: NetworkFile },
  events: readonly AuditEvent[],
  versions: readonly Write[],
  destroyed: readonly Pick<DestroyedAt, 'organisation' | 'at'>[],
): readonly ServedAfter[] {
  const since = new Map<Organisation, number>();
  for (const { organisation, at } of destroyed) {
    since.set(organisation, Math.min(at, since.get(organisation) ?? Infinity));
  }
  const isAfter = (organisation: Organisation, at: number): boolean =>
    at > (since.get(organisation) ?? Infinity);
  const names = new Set(versions.map(pairName));
  return events.filter(isRecordView).flatMap((event): readonly ServedAfter[] => {
    const { log, index, body, released = [] } = event;
    const leaves = erasedIn(primitives, event, versions, names);
    if (body === undefined || leaves === undefined) return [];
    const place = { log, index };
    const { organisation } = logOf(network, log).log;
    const shown = isAfter(organisation, body.at)
      ? [{ ...place, organisation, at: body.at, isRelease: false }]
      : [];
    const told = released.filter(
      (each) =>
        isAfter(each.organisation, each.at) && (each.leaf === undefined || leaves.has(each.leaf)),
    );
    return [...shown, ...told.map((each) => toldOf(place, each))];
  });
}

function toldOf(
  place: LogPlace,
  { organisation, at }: Pick<ServedAfter, 'organisation' | 'at'>,
): ServedAfter {
  return { ...place, organisation, at, isRelease: true };
}

/** Leaves of the erased versions that a view let its party see, none for a view of one; undefined if it let see none of them. */
function erasedIn(
  primitives: Primitives,
  { body, pairs = [] }: AuditEvent,
  versions: readonly Write[],
  names: ReadonlySet<string>,
): ReadonlySet<Bytes32> | undefined {
  if (body === undefined) return undefined;
  if (body.request.type !== 'ViewSet') {
    const view = askedView(body.request);
    return view !== undefined && names.has(pairName(view)) ? new Set() : undefined;
  }
  const { salt } = body.request.message as ViewSet;
  const erased = new Set(versions.map((version) => pairLeaf(primitives, salt, version)));
  const seen = acceptedPairs(pairs, body.left)
    .map((pair) => ('leaf' in pair ? pair.leaf : pairLeaf(primitives, salt, pair)))
    .filter((leaf) => erased.has(leaf));
  return seen.length === 0 ? undefined : new Set(seen);
}
