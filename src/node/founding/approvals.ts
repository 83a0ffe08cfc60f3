import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { ADDRESS, OneOf } from '../../protocol/findShapeError.ts';
import { isOfShape } from '../../protocol/isOfShape.ts';
import type { Of } from '../../protocol/Of.ts';
import { ROLES, type Role } from '../../protocol/vocabulary.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';

const APPROVAL = {
  party: ADDRESS,
  role: new OneOf(...ROLES),
  organisation: /^[a-z0-9-]{1,31}$/,
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
  const names = (await files.list('waiting')).filter((name) => /^0x[0-9a-f]{40}\.json$/.test(name));
  const waiting: Approval[] = [];
  for (const name of names.toSorted()) {
    const value = await readApproval(files, `waiting/${name}`);
    if (value !== undefined) waiting.push(value);
  }
  return waiting;
}

/**
 * Tells whether an application was approved; one that was not is stored, for the operator to decide.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param signed - The application; its signature was verified.
 * @throws MedsealError `NOT_YET` if it was not approved; `FOLDER_FOREIGN` if the approval was altered.
 */
export async function requireApproval(files: Files, signed: SignedApplication): Promise<boolean> {
  const { party, role, organisation } = signed.application.message;
  const asked = { party, role: role as Role, organisation };
  const known = await readApproval(files, `approved/${party}.json`);
  if (known?.role === role && known.organisation === organisation) return true;
  if ((await files.list('waiting')).length < MOST_WAITING) {
    await writeJsonFile(files, `waiting/${party}.json`, asked);
  }
  throw new MedsealError('NOT_YET', { what: 'approval of the application' });
}

/** Reads a file, whose name is the address of the party that it is about. */
async function readApproval(files: Files, path: string): Promise<Approval | undefined> {
  const value = await readJsonFile(files, path);
  if (value === undefined) return undefined;
  if (isOfShape(APPROVAL, value) && path.endsWith(`/${value.party}.json`)) return value;
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${path} was altered` });
}
