import type { LogName } from '../../protocol/ids.ts';
import { intercept } from '../intercept.ts';
import type { CoordinatorPort } from '../ports.ts';
import type { KeptConflicts } from './KeptConflicts.ts';

/**
 * Calls of a coordinator, and whether it refuses them for a log that is closed or ended. It refuses whatever lets such a log have another entry,
 * place or checkpoint, or whoever reads there have a key. It goes on telling what is there, and whatever is asked for no log.
 */
export const AT_CLOSED_LOGS: Readonly<Record<keyof CoordinatorPort, 'refuses' | 'answers'>> = {
  judge: 'refuses',
  show: 'refuses',
  signCheckpoint: 'refuses',
  release: 'refuses',
  // The log's own organisation learns what was presented here.
  knownSize: 'answers',
  lastSigned: 'answers',
  shown: 'answers',
  judged: 'answers',
  listed: 'answers',
  awaited: 'answers',
  // The others learn whether another checkpoint can come.
  ended: 'answers',
  // Audits and charts of what the ledger has; entries that ask for them stand in a log that was open then.
  releases: 'answers',
  tally: 'answers',
  erased: 'answers',
  takeConflict: 'answers',
  // Of the ledger, by no log.
  advance: 'answers',
  indexed: 'answers',
  attest: 'answers',
  vouch: 'answers',
};

/**
 * The same coordinator, which refuses what `AT_CLOSED_LOGS` says, before and after it waits for others: a proof may
 * come meanwhile, or the log end.
 *
 * @param coordinator - The coordinator.
 * @param logs - Tells which logs are open: of no other it gives away what was under way.
 */
export function refusingClosed<Coordinator extends CoordinatorPort>(
  coordinator: Coordinator,
  logs: Pick<KeptConflicts, 'requireOpen'>,
): Coordinator {
  return intercept(coordinator, { streams: {} as never }, async ({ name, values }, next) => {
    if (!Object.hasOwn(AT_CLOSED_LOGS, name)) return await next();
    if (AT_CLOSED_LOGS[name as keyof CoordinatorPort] === 'answers') return await next();
    const [{ log }] = values as readonly [{ readonly log: LogName }];
    await logs.requireOpen(log);
    const answer = await next();
    await logs.requireOpen(log);
    return answer;
  });
}
