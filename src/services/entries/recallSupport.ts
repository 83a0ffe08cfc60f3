import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import type { VerifiedBodies } from '../../protocol/evidence/VerifiedBodies.ts';

/** Rows of an organisation that tell which entries it verified before. */
export interface OwnRows {
  /** The channel's logs, as the organisation holds them: what stands there was verified before it came there. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  /** Tells of each entry if the organisation's own coordinator agreed to its body. */
  readonly agreedTo: (entries: readonly Bytes32[]) => Promise<readonly boolean[]>;
}

/**
 * Looks in an organisation's own rows for entries that are presented as support, all at once, so that no signature of
 * those is verified again. The rest is verified as it is presented.
 *
 * @param verified - Bodies that the organisation verified; entries that it finds are noted there.
 * @param rows - The rows.
 * @param presented - Support of requests, with places that only say where to look; not trusted.
 */
export async function recallSupport(
  verified: VerifiedBodies,
  { logs, agreedTo }: OwnRows,
  presented: readonly (EvidenceSupport | null | undefined)[],
): Promise<void> {
  /** Places to look at, by the entry that is said to be there. */
  const sought = new Map<EvidenceLog, Map<Bytes32, number>>();
  const entries = presented.flatMap((support) => [support?.record, ...(support?.records ?? [])]);
  for (const each of entries) {
    const { log: name, index, entry } = (each ?? {}) as Partial<Acknowledgement>;
    const log = name === undefined ? undefined : logs.get(name);
    if (log === undefined || typeof entry !== 'string' || verified.knows(entry)) continue;
    sought.set(log, (sought.get(log) ?? new Map<Bytes32, number>()).set(entry, index ?? -1));
  }
  const asking = [...sought].map(async ([log, places]) => {
    const wanted = [...places.keys()];
    const standing = await log.entriesAt([...places.values()]);
    const absent = wanted.filter((entry, i) => standing[i] !== entry);
    const agreed = absent.length === 0 ? [] : await agreedTo(absent);
    const unknown = new Set(absent.filter((_, i) => agreed[i] !== true));
    for (const entry of wanted) if (!unknown.has(entry)) verified.add(entry);
  });
  await Promise.all(asking);
}
