import { isErasedIn, type Chart } from '../../../src/client/index.ts';
import { CATEGORIES, type Category } from '../../../src/protocol/vocabulary.ts';
import { ownChart, ownWanted, readByWill } from './charts.ts';
import type { Session } from './Session.ts';

/** The kinds of a patient's own chart that can be erased. */
export interface ErasableKinds {
  /** The chart's records. */
  readonly chart: Chart;
  /** One batch of readings of each kind. Both lists are to be counted: a node may leave a kind away. */
  readonly batches: Chart;
  /** Kinds of which the lists have a record or a batch that nobody erased. */
  readonly kinds: readonly Category[];
}

/**
 * Returns the kinds of a patient's own chart that can be erased. The number of batches that a list of records leaves out is
 * its node's word alone, so one batch of each kind is listed.
 *
 * @param session - The patient.
 * @param fresh - True to ask for the records again.
 * @throws MedsealError what `readChart` throws.
 */
export async function erasableKinds(session: Session, fresh = false): Promise<ErasableKinds> {
  const [chart, batches] = await Promise.all([
    ownChart(session, fresh),
    readByWill(session.party, { ...ownWanted(session), part: 'kinds' }),
  ]);
  const left = [chart, batches].flatMap((list) =>
    list.records.filter((record) => !isErasedIn(list, record)),
  );
  const found = new Set(left.map(({ category }) => category));
  return { chart, batches, kinds: CATEGORIES.filter((category) => found.has(category)) };
}
