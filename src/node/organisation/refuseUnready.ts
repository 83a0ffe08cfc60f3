import type { MedsealError } from '../../errors/MedsealError.ts';
import { endsRight } from '../../protocol/struct/ledgerRequests.ts';
import type { Agent } from '../../services/agent/createAgent.ts';
import type { Contributor } from '../../services/contributor/createContributor.ts';
import type { Coordinator } from '../../services/coordinator/createCoordinator.ts';
import { refuseWhile } from '../../services/refuseWhile.ts';
import type { Rejoining } from '../../services/rejoining/createRejoining.ts';

/** Calls that a coordinator answers even if a restore or a rollback may have made it forget what it signed. */
const UNLEARNT: ReadonlySet<keyof Coordinator> = new Set([
  'lastSigned',
  'shown',
  'judged',
  'adopt',
  'attest',
  'indexed',
  'awaitedCheckpoints',
  'requireOpen',
  'closedLogs',
  'tally',
]);

/** The services of an organisation that others call. */
export interface CalledServices {
  readonly agent: Agent;
  readonly coordinator: Coordinator;
  readonly contributor: Contributor;
}

/**
 * The same services, which refuse what they cannot do yet: while the disk is full, what begins something new that takes up
 * room; while a restore or a rollback may have made the organisation forget what it signed, nearly all; while others may
 * not count on it yet, what it would judge.
 *
 * @param services - The services.
 * @param rejoining - Tells how far it has caught up.
 * @param full - Returns the error to throw while the disk is full; undefined while there is room.
 */
export function refuseUnready(
  { agent, coordinator, contributor }: CalledServices,
  rejoining: Pick<Rejoining, 'learnt' | 'done' | 'failure'>,
  full: () => MedsealError | undefined,
): CalledServices {
  const unlearnt = (): MedsealError | undefined =>
    rejoining.learnt ? undefined : rejoining.failure;
  const bound = (): MedsealError | undefined => (rejoining.done ? undefined : rejoining.failure);
  const streams = { download: true } as const;
  const roomy = refuseWhile(agent, full, { streams, refuses: takesRoom, midway: true });
  const judging = refuseWhile(coordinator, () => bound() ?? full(), {
    streams: {},
    refuses: (name) => name === 'judge',
  });
  return {
    agent: refuseWhile(roomy, unlearnt, { streams, refuses: (name) => name !== 'stop' }),
    coordinator: refuseWhile(judging, unlearnt, {
      streams: {},
      refuses: (name) => !UNLEARNT.has(name),
    }),
    // Any two quorums share one organisation that knows the newest state, so one that may have forgotten it must be in
    // none.
    contributor: refuseWhile(contributor, unlearnt, {
      streams: { file: true },
      refuses: (name, [first]) => name === 'state' || (name === 'keep' && isOfState(first)),
    }),
  };
}

/** Tells whether a call begins something new that takes up room; ends of rights cannot wait for it. */
function takesRoom(name: keyof Agent, [first]: readonly unknown[]): boolean {
  if (name === 'submit') return !areEnds(first);
  if (name === 'notify') return hasEndpoint(first);
  return ['upload', 'send', 'apply'].includes(name);
}

/** Tells whether a browser is to be told from now on; its form is not trusted. */
function hasEndpoint(asked: unknown): boolean {
  return typeof asked === 'object' && asked !== null && 'endpoint' in asked;
}

/** Tells whether every submission ends a right; its form is not trusted. */
function areEnds(submissions: unknown): boolean {
  return (
    Array.isArray(submissions) &&
    submissions.every((each: { readonly request?: { readonly type?: unknown } } | null) => {
      return endsRight(each?.request?.type);
    })
  );
}

/** Tells whether a deposit is a state of a patient's devices; its form is not trusted. */
function isOfState(deposit: unknown): boolean {
  return typeof deposit === 'object' && deposit !== null && 'patient' in deposit;
}
