import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { httpOperator } from '../../client/operator/httpOperator.ts';
import { draftLeaverSuspensions } from '../../client/rights/draftLeaverSuspensions.ts';
import { parseSuspensionFile } from '../../client/rights/suspensionFile.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { readNetworkFiles } from '../../folder/readNewestNetwork.ts';
import { readOperatorAccess } from '../../node/operator/OperatorCode.ts';
import { seconds } from '../../protocol/Clock.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { PartyFacts } from '../../protocol/evidence/facts.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { writeSuspension } from '../party/writeSuspension.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { SUSPENSION_DRAFTED } from './changeAnswers.ts';

/** A change, and the places of what is drafted because of it. */
export interface LeaversOptions {
  readonly successor: Successor;
  /** The folder of the node that has the change. */
  readonly files: Files;
  /** Folder for the files that members sign. */
  readonly out: string;
}

/** Suspensions to be signed because organisations leave. */
export interface LeaversDrafted {
  readonly leaving: readonly Organisation[];
  /** Undefined if the node of the folder does not answer, which lists the parties. */
  readonly drafted: readonly Of<typeof SUSPENSION_DRAFTED>[] | undefined;
}

/** Errors of a node that does not run, or not on this machine. */
const SILENT = ['CLOSED', 'PEER_UNREACHABLE', 'OPERATOR_UNKNOWN'] as const;

/**
 * Writes a file for each doctor and registrar of the organisations that a change takes out of the authority, by which the other
 * members suspend them. Run again, it leaves a file that is still good as it is, with its signatures.
 *
 * @param options - The change, the node's folder, and the folder for the files.
 * @throws MedsealError `FOLDER_UNWRITABLE`, `FOLDER_FOREIGN`.
 */
export async function draftLeavers({
  successor,
  files,
  out,
}: LeaversOptions): Promise<LeaversDrafted> {
  const { primitives, clock } = await machinePorts();
  const networks = await readNetworkFiles(files, { primitives });
  const before = networks.find((each) => fingerprintOf(primitives, each) === successor.predecessor);
  const leaving = before === undefined ? [] : leaversOf(before, successor);
  if (before === undefined || leaving.length === 0) return { leaving, drafted: [] };
  const parties = await attestingFor(files, leaving);
  if (parties === undefined) return { leaving, drafted: undefined };
  const at = { network: before, primitives, clock, domain: domainOf(before) };
  const gone = { organisations: leaving, from: successor.from };
  const known = new Map(parties.map((each) => [each.party, each]));
  const drafted: Of<typeof SUSPENSION_DRAFTED>[] = [];
  for (const message of draftLeaverSuspensions(parties, gone, seconds(clock))) {
    const { party } = message;
    const { role = '', organisation = '' } = known.get(party) ?? {};
    const file = join(out, `${organisation}-${party}.suspension.json`);
    if (!(await isGood(at, file, message))) {
      await writeSuspension(file, { message, signatures: [] });
    }
    drafted.push({ party, role, organisation, file });
  }
  return { leaving, drafted };
}

/** Asks the node that runs on the folder; undefined if it does not answer. */
async function attestingFor(
  files: Files,
  organisations: readonly Organisation[],
): Promise<readonly PartyFacts[] | undefined> {
  try {
    const { url, code } = await readOperatorAccess(files);
    const operator = httpOperator(url, code);
    const asked = organisations.map(async (each) => await operator.attesting(each));
    return (await Promise.all(asked)).flat();
  } catch (error) {
    if (SILENT.some((silent) => isMedsealError(error, silent))) return undefined;
    throw error;
  }
}

/** Organisations that have a seat in the authority, and none by the change. */
function leaversOf(before: NetworkFile, { authority }: Successor): readonly Organisation[] {
  const stay = new Set(authority.members.map(({ organisation }) => organisation));
  const had = before.authority.members.map(({ organisation }) => organisation);
  return [...new Set(had)].filter((organisation) => !stay.has(organisation));
}

async function isGood(
  at: Parameters<typeof parseSuspensionFile>[0],
  file: string,
  wanted: Suspension,
): Promise<boolean> {
  if (!existsSync(file)) return false;
  const text = await readGivenText(file);
  return succeeds(() => (parseSuspensionFile(at, text, wanted), true));
}
