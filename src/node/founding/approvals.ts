import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { ADDRESS, BYTES32, OneOf } from '../../protocol/findShapeError.ts';
import type { Address } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/isOfShape.ts';
import type { Of } from '../../protocol/Of.ts';
import type { PartyApplication } from '../../protocol/operator/PartyApplication.ts';
import { ROLES, type Role } from '../../protocol/vocabulary.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';

const APPROVAL = {
  party: ADDRESS,
  role: new OneOf(...ROLES),
  organisation: /^[a-z0-9-]{1,31}$/,
  /** SHA-256 of the recipient that was approved; any, if the approval was given in advance. */
  'recipient?': BYTES32,
} as const;

/** Decision of a member of the authority on a party and its role. */
export type Approval = Of<typeof APPROVAL>;

/** The most applications that wait for a decision; later ones are refused and not stored. */
const MOST_WAITING = 1000;

/**
 * Approves a party and its role. The member signs the party's application when it arrives next.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param approval - The party and its role.
 */
export async function approveParty(files: Files, approval: Approval): Promise<void> {
  await writeJsonFile(files, `approved/${approval.party}.json`, approval);
  await files.remove(`waiting/${approval.party}.json`);
}

/**
 * Lists the applications that wait for approval.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @throws MedsealError `FOLDER_FOREIGN` if one was altered.
 */
export async function waitingParties(files: Files): Promise<readonly Approval[]> {
  return await listApprovals(files, 'waiting', () => true);
}

/**
 * Approves the application that waits, exactly as it was shown.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param shown - The application.
 * @throws MedsealError `APPLICATION_OTHER` if another one waits now, or none; `FOLDER_FOREIGN` if it was altered.
 */
export async function approveShown(files: Files, shown: PartyApplication): Promise<void> {
  const asked = await readApproval(files, `waiting/${shown.party}.json`);
  if (asked === undefined || canonicalJson(asked) !== canonicalJson(shown)) {
    throw new MedsealError('APPLICATION_OTHER', {});
  }
  await approveParty(files, asked);
}

/**
 * Lists what was approved, for the parties that somebody asks about.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param isAsked - Tells whether an approval is asked for, by its party.
 * @throws MedsealError `FOLDER_FOREIGN` if one was altered.
 */
export async function approvedParties(
  files: Files,
  isAsked: (party: Address) => boolean,
): Promise<readonly Approval[]> {
  return await listApprovals(files, 'approved', isAsked);
}

/**
 * Tells whether an application was approved; one that was not is stored, for the operator to decide.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param signed - The application; its signature was verified.
 * @throws MedsealError `NOT_YET` if it was not approved; `FOLDER_FOREIGN` if the approval was altered.
 */
export async function requireApproval(files: Files, signed: SignedApplication): Promise<boolean> {
  const { party, role, organisation, recipient } = signed.application.message;
  const asked = { party, role: role as Role, organisation, recipient };
  const known = await readApproval(files, `approved/${party}.json`);
  const isSame = known?.role === role && known.organisation === organisation;
  if (isSame && (known.recipient ?? recipient) === recipient) return true;
  if ((await files.list('waiting')).length < MOST_WAITING) {
    await writeJsonFile(files, `waiting/${party}.json`, asked);
  }
  throw new MedsealError('NOT_YET', { what: 'approval of the application' });
}

/** Reads the files of a folder, each named after the address of the party that it is about. */
async function listApprovals(
  files: Files,
  folder: 'approved' | 'waiting',
  isAsked: (party: Address) => boolean,
): Promise<readonly Approval[]> {
  const approvals: Approval[] = [];
  for (const name of (await files.list(folder)).toSorted()) {
    const party = /^(0x[0-9a-f]{40})\.json$/.exec(name)?.[1] as Address | undefined;
    if (party === undefined || !isAsked(party)) continue;
    const value = await readApproval(files, `${folder}/${name}`);
    if (value !== undefined) approvals.push(value);
  }
  return approvals;
}

/** Reads a file, whose name is the address of the party that it is about. */
async function readApproval(files: Files, path: string): Promise<Approval | undefined> {
  const value = await readJsonFile(files, path);
  if (value === undefined) return undefined;
  if (isOfShape(APPROVAL, value) && path.endsWith(`/${value.party}.json`)) return value;
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${path} was altered` });
}
