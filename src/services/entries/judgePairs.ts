import { setImmediate } from 'node:timers/promises';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { LogName } from '../../protocol/ids.ts';
import { judgeEvidence, type EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import type { Signed, Write } from '../../protocol/struct/requests.ts';
import { pairName, viewOfPair, type ViewPair } from '../../protocol/evidence/viewSet.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { erasedCategory } from './erasedCategory.ts';
import { fileOwners } from './fileOwners.ts';
import type { KnownErasures } from './KnownErasures.ts';
import type { EntryPlace } from './placesInLogs.ts';
import { readPlaces } from './readPlaces.ts';
import { versionPlaces } from './versionPlaces.ts';

/** Number of record versions that are judged before others have their turn. */
const AT_ONCE = 16;

/** Places in which a judge looks things up. */
export interface PairSources {
  /** The channel's logs, as the organisation holds them. */
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly erasures: KnownErasures;
}

/** An accepted record version of a set of views: its entry, and where it stands. */
export interface PairJudged {
  readonly entry: Acknowledgement;
  readonly write: Write;
  /** Absent if the organisation's logs do not have it yet. */
  readonly place?: EntryPlace;
}

/**
 * Judges record versions of a set of views, each by itself and by the same rule as a view of it alone. A judge finds their
 * entries in its own logs, and takes from its asker those that are too new to be there. The set itself was judged before
 * (`judgeEvidence`).
 *
 * @param context - The organisation's context, its index brought up to date.
 * @param sources - Its logs, and erasures that it knows of.
 * @param request - The set.
 * @param support - Openings and entries; not trusted.
 * @param pairs - The record versions to judge.
 * @param at - The moment, Unix seconds.
 * @returns In their order the accepted ones, or why one is not.
 * @throws MedsealError `LEDGER_STALE` if the ledger became too old after the set was judged: what is left out stays out.
 */
export async function judgePairs(
  context: ServiceContext,
  { logs, erasures }: PairSources,
  request: Signed<'ViewSet'>,
  { opening, will, records = [] }: EvidenceSupport,
  pairs: readonly ViewPair[],
  at: number,
): Promise<readonly (PairJudged | MedsealError)[]> {
  const { handle } = request.message;
  const held = [...logs.values()];
  const wanted = pairs.map(({ record, version }) => ({ handle, record, version }));
  const places = await versionPlaces(held, wanted);
  const entries = await readPlaces(places);
  const given = await givenFor(pairs.filter((_, i) => entries[i] === undefined));
  const judged: (PairJudged | MedsealError)[] = [];
  for (const [i, pair] of pairs.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const [place, own] = [places[i], entries[i]];
    if (own !== undefined) context.verifiedBodies.add(own.entry);
    judged.push(await attempt(pair, place, own ?? given.get(pairName(pair))));
  }
  return await withOwnFiles(held, judged);

  /** Entries that the asker gives, by the version of each; none is parsed unless one is missing here. */
  async function givenFor(absent: readonly ViewPair[]): Promise<Map<string, Acknowledgement>> {
    const names = new Set(absent.map(pairName));
    const found = new Map<string, Acknowledgement>();
    for (const [i, entry] of names.size === 0 ? [] : records.entries()) {
      if (i % AT_ONCE === AT_ONCE - 1) await setImmediate();
      const name = nameOfEntry(entry);
      if (name !== undefined && names.has(name)) found.set(name, entry);
    }
    return found;
  }

  async function attempt(
    pair: ViewPair,
    place: EntryPlace | undefined,
    record: Acknowledgement | undefined,
  ): Promise<PairJudged | MedsealError> {
    const view = viewOfPair(request, pair);
    const support = {
      ...(opening && { opening }),
      ...(will && { will }),
      ...(record && { record }),
    };
    try {
      await context.turns.run(() =>
        judgeEvidence(context, context.network, context.index, view, support, at),
      );
      const category = await erasedCategory(erasures, view, support);
      if (category !== undefined) throw new MedsealError('RECORD_ERASED', { category });
      if (record === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
      const write = parseBody(record.body).request.message as Write;
      return { entry: record, write, ...(place && { place }) };
    } catch (error) {
      if (isMedsealError(error, 'LEDGER_STALE')) throw error;
      return toMedsealError(error);
    }
  }
}

/** The same, without versions whose sealed file belongs to another entry: one file, one owner. */
async function withOwnFiles(
  logs: readonly EvidenceLog[],
  judged: readonly (PairJudged | MedsealError)[],
): Promise<readonly (PairJudged | MedsealError)[]> {
  const sound = judged.flatMap((each) => (each instanceof MedsealError ? [] : [each]));
  if (sound.length === 0) return judged;
  const owners = await fileOwners(
    logs,
    sound.map(({ write }) => write.file),
  );
  const ownerOf = new Map(sound.map((each, i) => [each, owners[i]]));
  return judged.map((each) => {
    const owner = each instanceof MedsealError ? undefined : ownerOf.get(each);
    if (each instanceof MedsealError || owner === undefined) return each;
    const { place } = each;
    const isOwn = owner.log === place?.log && owner.index === place.index;
    return isOwn ? each : new MedsealError('FILE_TAKEN', {});
  });
}

/** The version that an entry puts on a chart, as its own body says; undefined if it is malformed. */
function nameOfEntry({ body }: Acknowledgement): string | undefined {
  try {
    return pairName(parseBody(body).request.message as Write);
  } catch {
    return undefined;
  }
}
