import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { LogName, Organisation } from '../../protocol/ids.ts';
import type { LogIdentity } from '../../protocol/network/NetworkFile.ts';
import type { Contributor } from '../contributor/createContributor.ts';
import type { PresentedTo } from '../contributor/takePresented.ts';
import type { Coordinator } from '../coordinator/createCoordinator.ts';
import type { CoordinatorPort, SignedEdge } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { isProvenEdge } from './isProvenEdge.ts';

/** Sources that an organisation learns from what it missed, and where it keeps that. */
export interface MissedSources {
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly coordinator: Pick<Coordinator, 'adopt'>;
  readonly contributor: Pick<Contributor, 'catchUp' | 'takeBack' | 'takeDeposits'>;
  /** The other organisations' coordinators. */
  readonly others: ReadonlyMap<
    Organisation,
    Pick<CoordinatorPort, 'lastSigned' | keyof PresentedTo>
  >;
  /** Number of the others that it must hear: one of them is honest and knows whatever was acknowledged. */
  readonly least: number;
}

/**
 * Learns all that others can tell: takes back from peers every entry that they hold, remembers the newest checkpoint of each
 * log that anybody signed, and takes back what is kept for the parties.
 *
 * @param context - The organisation's context, its index brought up to date.
 * @param sources - Logs, peers, coordinator.
 * @throws MedsealError `NODE_BEHIND` if too few told it, or entries are lost; `NODE_DOUBLED`.
 */
export async function learnMissed(context: ServiceContext, sources: MissedSources): Promise<void> {
  const { contributor, logs } = sources;
  await contributor.catchUp();
  for (const log of logs.values()) await learnSigned(context, sources, log);
  // Packets, sheets, states and cards were kept by k before anything was answered.
  const heard = await contributor.takeDeposits();
  requireHeard(sources, heard, 'all that they keep for the parties');
}

/** The error of an organisation that does not know something yet. */
export function nodeBehind(what: string): MedsealError {
  return new MedsealError('NODE_BEHIND', { what });
}

async function learnSigned(
  context: ServiceContext,
  sources: MissedSources,
  log: EvidenceLog,
): Promise<void> {
  const { name, id, organisation: owner } = log.identity;
  const isOwn = owner === context.organisation;
  const held = context.index.checkpoint(id);
  // Verdicts prove entries that were presented before the log's key changed, and after that this copy does.
  if (isOwn) await takeBack(sources, log);
  const signed = await askOthers(context, sources, log);
  if (held !== undefined) {
    await requireEntries(log, held);
    await sources.coordinator.adopt(name, await edgeAt(log, held.size));
  }
  for (const each of signed) {
    if (isOwn) await requireEntries(log, each);
    await sources.coordinator.adopt(name, each);
  }
}

/** Returns the last edge that each of the others proves to have signed. */
async function askOthers(
  { primitives }: ServiceContext,
  sources: MissedSources,
  log: EvidenceLog,
): Promise<readonly SignedEdge[]> {
  const { identity } = log;
  const signed = new Map<Organisation, SignedEdge>();
  const asking = [...sources.others].map(async ([name, other]) => {
    const said = await other.lastSigned(identity.name);
    if (await isProvenEdge(primitives, log, said)) signed.set(name, said);
  });
  await Promise.allSettled(asking);
  requireHeard(sources, signed, `with proof what they signed of ${identity.name}`);
  return [...signed.values()].filter(({ size }) => size > 0);
}

/** Takes back acknowledged entries that are in no copy, from those to whom they were presented. */
async function takeBack(sources: MissedSources, { identity }: EvidenceLog): Promise<void> {
  const { contributor, others } = sources;
  const { answered, bodiless } = await contributor.takeBack(identity.name, others);
  const [from] = bodiless;
  if (from !== undefined) throw lost(identity, from, bodiless.at(-1) ?? from);
  requireHeard(sources, answered, `with proof what was presented to them of ${identity.name}`);
}

/** Requires that enough of the others said something. */
function requireHeard(
  { others, least }: MissedSources,
  heard: Pick<ReadonlySet<Organisation>, 'has' | 'size'>,
  what: string,
): void {
  if (heard.size >= least) return;
  const missing = [...others.keys()].filter((name) => !heard.has(name)).join(', ');
  const who = `${heard.size} of the other organisations`;
  throw nodeBehind(`${who} said ${what}, but ${least} must; missing: ${missing}`);
}

/** Requires that the entries that were signed for are there. */
async function requireEntries(
  log: EvidenceLog,
  { size, root }: Pick<SignedEdge, 'size' | 'root'>,
): Promise<void> {
  if (log.size < size) throw lost(log.identity, log.size, size - 1);
  if ((await log.root(size)) === root) return;
  throw new MedsealError('NODE_DOUBLED', { size, known: log.size });
}

function lost({ name }: LogIdentity, first: number, last: number): MedsealError {
  const entries = `entries ${first} to ${last} of ${name}`;
  return nodeBehind(`${entries} were signed for, and no peer that answers has them`);
}

async function edgeAt(log: EvidenceLog, size: number): Promise<SignedEdge> {
  return { size, root: await log.root(size), peaks: await log.peaks(size) };
}
