import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import type { Address } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import {
  DECLINE_REASONS,
  type DeclineReason,
  ROLES,
  type Role,
} from '../../protocol/vocabulary.ts';
import type { PartyApplication } from '../../protocol/operator/PartyApplication.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { callerNow } from '../../http/callers/callerNow.ts';
import { WaitingPlaces } from './WaitingPlaces.ts';

const APPROVAL = {
  party: ADDRESS,
  role: new OneOf(...ROLES),
  organisation: /^[a-z0-9-]{1,31}$/,
  /** SHA-256 of the recipient that was approved; any, if the approval was given in advance. */
  'recipient?': BYTES32,
} as const;

/** Decision of a member of the authority on a party and its role. */
export type Approval = Of<typeof APPROVAL>;

const DECLINED = {
  ...APPROVAL,
  recipient: BYTES32,
  reason: new OneOf(...DECLINE_REASONS),
} as const;

/** Application that a member of the authority declined, and why. */
export type Declined = Of<typeof DECLINED>;

/** The places of those who wait, by the folder of the member. */
const places = new WeakMap<Files, WaitingPlaces>();

/**
 * Approves a party and its role. The member signs the party's application when it arrives next.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param approval - The party and its role.
 */
export async function approveParty(files: Files, approval: Approval): Promise<void> {
  await writeJsonFile(files, `approved/${approval.party}.json`, approval);
  await files.remove(`waiting/${approval.party}.json`);
  await files.remove(`declined/${approval.party}.json`);
}

/**
 * Declines the application that waits, exactly as it was shown. It gives up its place, and the applicant is told the reason
 * from then on; another application of the same party waits like any.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param shown - The application.
 * @param reason - Why.
 * @throws MedsealError `APPLICATION_OTHER` if another one waits now, or none; `FOLDER_FOREIGN` if it was altered.
 */
export async function declineShown(
  files: Files,
  shown: PartyApplication,
  reason: DeclineReason,
): Promise<void> {
  requireSame(await readApproval(files, `waiting/${shown.party}.json`), shown);
  await writeJsonFile(files, `declined/${shown.party}.json`, { ...shown, reason });
  await files.remove(`waiting/${shown.party}.json`);
}

/**
 * Lists the applications that wait for approval.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @throws MedsealError `FOLDER_FOREIGN` if one was altered.
 */
export async function waitingParties(files: Files): Promise<readonly Approval[]> {
  return await listOf(files, 'waiting', readApproval);
}

/**
 * Lists the applications that were declined.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @throws MedsealError `FOLDER_FOREIGN` if one was altered.
 */
export async function declinedParties(files: Files): Promise<readonly Declined[]> {
  return await listOf(files, 'declined', readDeclined);
}

/**
 * Approves the application that waits or was declined, exactly as it was shown.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param shown - The application.
 * @throws MedsealError `APPLICATION_OTHER` if another one waits now, or none; `FOLDER_FOREIGN` if it was altered.
 */
export async function approveShown(files: Files, shown: PartyApplication): Promise<void> {
  const { party } = shown;
  const waits = await readApproval(files, `waiting/${party}.json`);
  const { reason: _, ...declined } = (await readDeclined(files, `declined/${party}.json`)) ?? {};
  requireSame(waits ?? declined, shown);
  await approveParty(files, shown);
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
  return await listOf(files, 'approved', readApproval, isAsked);
}

/**
 * Tells whether an application was approved; one that was neither approved nor declined is stored, for the operator to decide.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param signed - The application; its signature was verified.
 * @throws MedsealError `NOT_YET` if it was not approved; `APPLICATION_DECLINED`; `FOLDER_FOREIGN` if the decision was altered.
 */
export async function requireApproval(files: Files, signed: SignedApplication): Promise<boolean> {
  const { party, role, organisation, recipient } = signed.application.message;
  const asked = { party, role: role as Role, organisation, recipient };
  const known = await readApproval(files, `approved/${party}.json`);
  const isSame = known?.role === role && known.organisation === organisation;
  if (isSame && (known.recipient ?? recipient) === recipient) return true;
  const { reason, ...declined } = (await readDeclined(files, `declined/${party}.json`)) ?? {};
  if (reason !== undefined && canonicalJson(declined) === canonicalJson(asked)) {
    throw new MedsealError('APPLICATION_DECLINED', { reason });
  }
  const waiting = places.get(files) ?? new WaitingPlaces(files);
  places.set(files, waiting);
  await waiting.take(party, callerNow(), async () => {
    await writeJsonFile(files, `waiting/${party}.json`, asked);
  });
  throw new MedsealError('NOT_YET', { what: 'approval of the application' });
}

function requireSame(asked: Partial<Approval> | undefined, shown: PartyApplication): void {
  if (asked !== undefined && canonicalJson(asked) === canonicalJson(shown)) return;
  throw new MedsealError('APPLICATION_OTHER', {});
}

/** Reads the files of a folder, each named after the address of the party that it is about. */
async function listOf<Decision>(
  files: Files,
  folder: 'approved' | 'waiting' | 'declined',
  read: (files: Files, path: string) => Promise<Decision | undefined>,
  isAsked: (party: Address) => boolean = () => true,
): Promise<readonly Decision[]> {
  const found: Decision[] = [];
  for (const name of (await files.list(folder)).toSorted()) {
    const party = /^(0x[0-9a-f]{40})\.json$/.exec(name)?.[1] as Address | undefined;
    if (party === undefined || !isAsked(party)) continue;
    const value = await read(files, `${folder}/${name}`);
    if (value !== undefined) found.push(value);
  }
  return found;
}

async function readApproval(files: Files, path: string): Promise<Approval | undefined> {
  return await readOwn(files, path, (value) => isOfShape(APPROVAL, value) && value);
}

async function readDeclined(files: Files, path: string): Promise<Declined | undefined> {
  return await readOwn(files, path, (value) => isOfShape(DECLINED, value) && value);
}

/** Reads a file, whose name is the address of the party that it is about. */
async function readOwn<Decision extends { readonly party: Address }>(
  files: Files,
  path: string,
  parse: (value: unknown) => Decision | false,
): Promise<Decision | undefined> {
  const value = await readJsonFile(files, path);
  if (value === undefined) return undefined;
  const parsed = parse(value);
  if (parsed !== false && path.endsWith(`/${parsed.party}.json`)) return parsed;
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${path} was altered` });
}
