import { isMandate, type RightOpening } from '../../protocol/rights/RightOpening.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { endOf } from '../deposits/endOf.ts';
import { learnMandates } from '../deposits/learnMandates.ts';
import { erasedCategory } from '../entries/erasedCategory.ts';
import { requireErasable } from '../entries/retainedErase.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { DailyQuotas } from './DailyQuotas.ts';
import type { ExaminedBody } from './examineBody.ts';
import { requireEpoch } from './judgeFiles.ts';
import type { RefusalSources } from './isRefusedByStore.ts';
import { judgeRefusal } from './judgeRefusal.ts';

/** Stores and memory of a coordinator, beside the ledger. */
export interface StoreSources extends RefusalSources {
  /** Amounts that it still agrees to today. */
  readonly quotas: DailyQuotas;
}

/**
 * Judges by what the ledger does not tell: the logs, the deposits, and how much a party was agreed to today. Files are judged
 * after that (`judgeFiles`), and the list of a set of views by itself (`disputedPairs`).
 *
 * @param context - The organisation's context.
 * @param sources - Stores and memory of the coordinator.
 * @param examined - A body that it agrees to by the ledger.
 * @param support - Openings and other support; not trusted.
 * @throws MedsealError that says why it is refused.
 */
export async function judgeByStore(
  context: ServiceContext,
  sources: StoreSources,
  examined: ExaminedBody,
  support: EvidenceSupport,
): Promise<void> {
  const { write, view, erase, ask, at, refusal } = examined;
  const { quotas } = sources;
  if (refusal !== undefined) {
    await judgeRefusal(context, sources, refusal, support);
    quotas.takeRefusal(refusal.body.request, examined, support);
  }
  if (ask !== undefined) await quotas.takeAsk(ask, at);
  if (erase !== undefined) {
    await requireErasable(context, sources.logs.values(), erase, at);
  }
  if (view !== undefined) {
    const category = await erasedCategory(sources.erasures, view, support);
    if (category !== undefined) throw new MedsealError('RECORD_ERASED', { category });
    await noteMandate(context, sources, support.opening);
    await noteReader(sources, view.message, support.opening);
  }
  if (write === undefined) return;
  await requireEpoch(context, sources, write, at);
  await quotas.takeBytes(examined, write);
}

/** Notes the exact end of the mandate by which somebody sees a chart: what its key signs later counts for nothing. */
async function noteMandate(
  context: ServiceContext,
  { deposits }: Pick<StoreSources, 'deposits'>,
  opening: RightOpening | undefined,
): Promise<void> {
  if (opening === undefined || !isMandate(opening)) return;
  const isKnown = context.index.exactEnd(digestOf(context, 'Mandate', opening)) !== undefined;
  const exactEnds = isKnown ? [] : learnMandates(context, [opening]);
  if (exactEnds.length > 0) await deposits.keep({ exactEnds });
}

/**
 * Notes a reader of a chart, who may be given keys: from then on it is known here when the right ends. Packets, which
 * every organisation stores in the end, show how far the keys reach; a guess by those that judged would be their word
 * against the others'.
 */
async function noteReader(
  { deposits }: Pick<StoreSources, 'deposits'>,
  { what, grant }: View,
  opening: RightOpening | undefined,
): Promise<void> {
  // With a view of one's own chart the opening was not judged: it may be anything.
  if (what !== 'chart' || grant === ZERO32 || opening === undefined || isMandate(opening)) return;
  const end = endOf(opening, grant, 0);
  if (end !== undefined) await deposits.keep({ end });
}
