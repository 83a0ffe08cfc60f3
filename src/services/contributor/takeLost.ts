import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import { acknowledgementCheck } from '../../protocol/acknowledgementCheck.ts';
import { newEntryOf } from '../entries/newEntryOf.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { appendCopies } from './copyLog.ts';
import { bodiesOf, verdictsOf, type TakePresentedOptions } from './takePresented.ts';

/** Rows that are read from one coordinator: more than a log presents between two checkpoints. */
const MOST_ROWS = 4096;

/**
 * Enters again what a log presented in a history that the ledger does not have: entries that a quorum judged, and that may have
 * been acknowledged. A verdict says nothing of places, so each counts at its new one.
 *
 * @param context - The organisation's context.
 * @param options - The log, and the coordinators to ask; not trusted.
 */
export async function takeLost(
  context: ServiceContext,
  options: TakePresentedOptions,
): Promise<void> {
  const { log } = options;
  for (const coordinator of options.coordinators.values()) {
    for await (const lost of lostEntries(context, log, coordinator)) {
      await appendCopies(context, options, [{ ...lost, index: log.size }]);
    }
  }
}

/**
 * Reads the entries of a log's lost history that a quorum judged, and that the log has not. Entries that a coordinator
 * does not prove are passed over.
 *
 * @param context - The organisation's context.
 * @param log - The log.
 * @param coordinator - Whom to ask; not trusted.
 */
export async function* lostEntries(
  context: ServiceContext,
  log: EvidenceLog,
  coordinator: Pick<CoordinatorPort, 'lost' | 'judged'>,
): AsyncGenerator<CopiedEntry> {
  const { primitives } = context;
  const { name } = log.identity;
  const check = acknowledgementCheck(context, context.network);
  for (let from = 0; from < MOST_ROWS; from++) {
    const row = await coordinator.lost({ log: name, from }).catch((): undefined => undefined);
    if (row === undefined) return;
    const verdicts = verdictsOf(primitives, row);
    const bodies = await bodiesOf(
      primitives,
      { log, coordinators: new Map() },
      coordinator,
      row.entries,
    );
    for (const [place, entry] of row.entries.entries()) {
      const body = bodies.get(entry);
      if (body === undefined) continue;
      const found = { log: name, index: log.size, entry, body, verdicts: verdicts[place] ?? [] };
      if (await isFresh(context, log, found, check)) yield found;
    }
  }
}

/** Tells whether a quorum judged an entry, and the log has none for the same request. A summary sums up another history. */
async function isFresh(
  context: ServiceContext,
  log: EvidenceLog,
  found: CopiedEntry & { readonly body: string },
  check: ReturnType<typeof acknowledgementCheck>,
): Promise<boolean> {
  const [read] = await context.reader.bodies([found.body]);
  if (read === undefined || read instanceof MedsealError) return false;
  if (read.body.format === 'medseal-summary/1') return false;
  try {
    await context.turns.run(() => check.body(found, read));
  } catch (error) {
    if (isMedsealError(error, 'EVIDENCE_INVALID')) return false;
    throw error;
  }
  const [known] = await log.answeredAt([newEntryOf(found, read)]);
  return known === undefined;
}
