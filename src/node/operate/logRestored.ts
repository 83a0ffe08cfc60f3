import type { Organisation } from '../../protocol/ids.ts';
import type { Rejoining } from '../../services/rejoining/createRejoining.ts';
import type { Logger } from './Logger.ts';

/**
 * Logs the organisations of a process that run on an older copy of their folder, each with those of the others that it
 * must hear before it answers. Organisations of one process need nobody who has to be started first.
 *
 * @param log - The log.
 * @param organisations - Those of the process.
 */
export function logRestored(
  log: Pick<Logger, 'warn'>,
  organisations: ReadonlyMap<
    Organisation,
    { readonly rejoining: Pick<Rejoining, 'learnt' | 'needs'> }
  >,
): void {
  for (const [organisation, { rejoining }] of organisations) {
    const { least, others } = rejoining.needs;
    if (rejoining.learnt || others.every((name) => organisations.has(name))) continue;
    const fields = { organisation, needs: least, others: others.join(', ') };
    log.warn('restored from a backup', fields);
  }
}
