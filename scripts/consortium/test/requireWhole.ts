import { join } from 'node:path';
import type { Writer } from './beginWriting.ts';
import { ALL, type Trial } from './openTrial.ts';
import { requireKept } from './requireKept.ts';

/**
 * Requires that each acknowledged record is on its patient's chart once and has a receipt, and that logs and ledger agree
 * at all organisations.
 *
 * @param trial - The organisations, all of which run.
 * @param writers - The patients.
 */
export async function requireWhole(trial: Trial, writers: readonly Writer[]): Promise<void> {
  await requireKept(writers);
  const urls = ALL.flatMap((place) => {
    const { organisation, urls: at } = trial.at(place);
    return ['--url', `${organisation}=${at.agents}`];
  });
  const pinned = join(trial.founded[0]?.data ?? '', 'network.json');
  const { ledger } = trial.at(0).urls;
  await trial.medseal('verify', 'network', pinned, '--rpc', ledger, ...urls);
  await trial.medseal('verify', 'log', '--network', pinned, ...urls);
}
