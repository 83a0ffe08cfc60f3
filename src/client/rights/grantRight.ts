import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Address, type Bytes32, type RecordId } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import { longestRightOf } from '../../protocol/network/longestRightOf.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import type { Grant, Signed } from '../../protocol/struct/requests.ts';
import { LONGEST_STATE_TO_GRANT, requireKeepable } from '../../protocol/rights/requireKeepable.ts';
import { requireSoundTerms } from '../../protocol/network/requireSoundTerms.ts';
import type { DeviceNamed } from '../../protocol/sensors/deviceCode.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import type { Action, Category, Purpose } from '../../protocol/vocabulary.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { confirmChart } from '../records/confirmChart.ts';
import { confirmRecipient } from './confirmRecipient.ts';
import { confirmRule } from './confirmRule.ts';
import { isBeingErased } from '../epochs/isBeingErased.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import type { KnownGrant, PatientState } from '../state/PatientState.ts';
import type { Party } from '../party/Party.ts';
import { isSameRight } from './isSameRight.ts';
import { addressArgument } from '../party/addressArgument.ts';
import { requireArgument } from '../party/requireArgument.ts';
import { planPackets, readersAmong, type PacketPlan } from '../epochs/planPackets.ts';
import { commitAsPlanned, refreshPackets } from '../epochs/refreshPackets.ts';
import { readChart } from '../records/readChart.ts';
import type { ChartWanted } from '../records/viewChart.ts';
import { recordKeys, versionsOf, type RecordKeys } from '../records/recordKeys.ts';
import { sealPacket, type PacketFor } from '../epochs/sealPacket.ts';
import { sealPackets } from '../epochs/sealPackets.ts';
import { deniedCategories } from '../rules/deniedCategories.ts';
import { submitRule, type Accepted } from '../agent/submit.ts';
import { withoutEnded } from '../state/withoutEnded.ts';
import { withPatientState } from '../state/withPatientState.ts';

/** A right that a patient gives. */
export interface RightGiven {
  readonly grantee: Address;
  readonly categories: readonly Category[];
  /** The one record of these categories that it covers; every one if absent. */
  readonly record?: RecordId;
  readonly actions: readonly Action[];
  readonly purpose: Purpose;
  /**
   * First second at which it holds; now if absent. Its keys are sealed and deposited with the nodes at once: until that
   * second, only the nodes' honesty keeps them from the grantee.
   */
  readonly from?: number;
  /** First second at which it no longer holds. */
  readonly until: number;
  /** Name of the standing rule that it follows from. */
  readonly rule?: string;
  /** The device that it binds, whose id is its record: see `bindDevice`. */
  readonly device?: DeviceNamed;
}

/** A right to give now; to one record that others wrote lately elsewhere, with entries that the chart has to list first. */
export type RightGivenNow = RightGiven & Pick<ChartWanted, 'after'>;

/** A right that was given. */
export interface GrantGiven extends KnownGrant {
  readonly placed: Accepted<'placed'>;
}

/**
 * Gives a right: the grantee's key packet is sealed and kept, then the grant goes to the ledger. Then packets are
 * sealed ahead, for the epochs that begin with ends whose date is known.
 *
 * @param party - The patient.
 * @param asked - Grantee, categories, actions, purpose and end.
 * @returns Grant, which the patient hands to the grantee, and its place on the ledger.
 * @throws MedsealError `ARGUMENT_INVALID`, `RIGHT_INVALID`, `REQUEST_TOO_LARGE`, `RECORD_ERASED` for a record whose
 * versions are all erased, `RIGHT_DENIED` if a standing rule of the patient denies it, all before it is signed; `NOT_FOUND` on a device of someone who is not a patient, or for a
 * record that is not on the chart; `RECIPIENT_CHANGED`, `PARTY_SUSPENDED`, `PARTY_UNKNOWN` for the grantee;
 * `EPOCH_STALE`, `STATE_STALE` if keys or state changed at each attempt; `ANSWER_DISPUTED` if fewer than k
 * organisations store the state; `KEY_UNAUTHENTIC`, `RULE_REFUSED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const until = Math.floor(Date.now() / 1000) + 3600;
 * const terms = { categories: ['medications'], actions: ['read'], purpose: 'TREAT' } as const;
 * const given = await grantRight(patient, { grantee: doctor.address, ...terms, until });
 * await handOver(patient, given);
 * ```
 */
export async function grantRight(party: Party, asked: RightGivenNow): Promise<GrantGiven> {
  requireForAnother(party, asked);
  return await giveRight(party, asked);
}

/**
 * Gives a right as `grantRight` does, also one that a patient gives to themselves so that the keys turn when it ends.
 *
 * @param party - The patient.
 * @param asked - The right.
 * @throws MedsealError as `grantRight`.
 */
export async function giveRight(party: Party, asked: RightGivenNow): Promise<GrantGiven> {
  const right = { ...asked, grantee: addressArgument(party, asked.grantee, 'grantee') };
  for (const category of right.categories) requireArgument('category', category, 'categories');
  for (const action of right.actions) requireArgument('action', action, 'actions');
  requireArgument('purpose', right.purpose);
  requireSound(party, right);
  const { given, isReleased } = await withPatientState(
    party,
    async (known) => await give(party, known, right),
  );
  // The right is valid, also if sealing the keys fails: the device seals them when it connects again.
  if (!isReleased) await refreshPackets(party).catch(() => undefined);
  return given;
}

/** Gives a right, and tells whether nodes release the packet that went along. */
async function give(
  party: Party,
  known: PatientState,
  right: RightGivenNow,
): Promise<{ readonly given: GrantGiven; readonly isReleased: boolean }> {
  const { handle, recipients } = known;
  const { grantee } = right;
  const denied = deniedCategories(known.rules, right, seconds(party.clock));
  if (denied.length > 0) throw new MedsealError('RIGHT_DENIED', { what: denied.join(', ') });
  const { patient, grants: active = [] } = await confirmChart(party, known, { grants: true });
  const recipient = right.actions.includes('read')
    ? await confirmRecipient(party, grantee, recipients[grantee])
    : undefined;
  const files = recipient && (await keysOfRecord(party, known, right, patient.epoch));
  const cut = await cutOff(party, known, right, active);
  const grant = cut?.grant ?? grantOf(party, handle, right);
  const digest = digestOf(party, 'Grant', grant);
  const given: KnownGrant = {
    grant,
    digest,
    sealedTo: recipient !== undefined && files === undefined ? patient.epoch : 0,
    ...(files && { versions: 0 }),
    ...(right.rule !== undefined && { rule: right.rule }),
    ...(right.device && { device: right.device }),
  };
  const chart = { active, epoch: patient.epoch, now: seconds(party.clock) };
  const left = withoutEnded(known, chart).grants;
  const grants = [...left.filter((each) => each !== cut), given];
  const readers = readersAmong(grants, [...active, digest], seconds(party.clock));
  const plan = planPackets(readers, patient.epoch);
  const committed = await commitAsPlanned(party, known, patient, plan);
  const pin = recipient && { [grantee]: recipientHash(party.primitives, recipient) };
  // The opening is stored before the ledger changes: a right that no device knows could not be shown.
  const next = { ...committed, grants, recipients: { ...recipients, ...pin } };
  const state = await keepPatientState(party, next, [], LONGEST_STATE_TO_GRANT);
  const { epoch: present } = patient;
  const to =
    recipient === undefined ? undefined : { recipient, epoch: present, ...(files && { files }) };
  const { placed, epoch } = await submitGrant(party, state, given, right, to);
  const { patient: after } = await confirmRule(
    party,
    { handle, grant: digest },
    (facts) => facts.grant?.state === 'active' && facts.grant.handle === handle,
  );
  // If the keys turned before the ledger took the grant, nodes release nothing that came along.
  if (to !== undefined && after?.epoch !== epoch)
    return { given: { ...given, placed }, isReleased: false };
  const sealed = { ...given, ...(files && { versions: Object.keys(files).length }) };
  await sealAhead(party, state, sealed, plan).catch(() => undefined);
  return { given: { ...sealed, placed }, isReleased: true };
}

/**
 * Finds the same right that was signed and whose placing was cut off. While a ledger may still take it, it is the one that
 * is given: another would be a second one if the first came later.
 */
async function cutOff(
  party: Party,
  { handle, grants }: PatientState,
  right: RightGiven,
  active: readonly Bytes32[],
): Promise<KnownGrant | undefined> {
  const at = seconds(party.clock);
  const found = grants.findLast(
    (each) => each.grant.deadline > at && !active.includes(each.digest) && isSameRight(each, right),
  );
  if (found === undefined) return undefined;
  const { grant } = await confirmFacts(party, { handle, grant: found.digest });
  return grant === undefined ? found : undefined;
}

/** A right as far as it can be unsound; without a grantee if it is asked for. */
type RightJudged = Pick<RightGiven, 'categories' | 'actions' | 'from' | 'until'> &
  Partial<Pick<RightGiven, 'grantee'>>;

/**
 * Refuses a right that gives nothing, never holds, or holds for too long, and one that a patient gives to themselves.
 *
 * @param party - Patient, or party that asks for the right.
 * @param right - Right to give.
 * @throws MedsealError `RIGHT_INVALID`.
 * @example
 * ```ts
 * const until = Math.floor(Date.now() / 1000) + 3600;
 * const terms = { categories: ['medications'], actions: ['read'], purpose: 'TREAT' } as const;
 * const right = { grantee: doctor.address, ...terms, until };
 * requireSoundRight(patient, right);
 * await grantRight(patient, right);
 * ```
 */
export function requireSoundRight(
  party: Pick<Party, 'address' | 'clock' | 'network'>,
  right: RightJudged,
): void {
  requireForAnother(party, right);
  requireSound(party, right);
}

/** The patient's device opens the chart without a packet, so a right of their own would give nothing, and look like a reader. */
function requireForAnother(
  { address }: Pick<Party, 'address'>,
  { grantee }: Pick<RightJudged, 'grantee'>,
): void {
  if (grantee?.toLowerCase() !== address) return;
  const what = 'its grantee is the patient, who needs no right on their own chart';
  throw new MedsealError('RIGHT_INVALID', { what });
}

function requireSound(
  { clock, network }: Pick<Party, 'clock' | 'network'>,
  { categories, actions, from, until }: RightJudged,
): void {
  const at = seconds(clock);
  const terms = {
    categories,
    read: actions.includes('read'),
    add: actions.includes('add'),
    amend: actions.includes('amend'),
    from: from ?? at,
    until,
  };
  requireSoundTerms(terms, { at, longest: longestRightOf(network) });
}

/** Submits a grant with a packet of the present epoch, and returns that epoch. */
async function submitGrant(
  party: Party,
  state: PatientState,
  { grant, digest }: KnownGrant,
  right: RightGiven,
  to: PacketFor | undefined,
): Promise<{ readonly placed: Accepted<'placed'>; readonly epoch: number }> {
  const { epoch } = (await confirmChart(party, state)).patient;
  // An erasure that is under way leaves fewer keys in another epoch.
  const files =
    to?.files && to.epoch !== epoch
      ? ((await keysOfRecord(party, state, right, epoch)) ?? {})
      : to?.files;
  const keys = to && { ...to, epoch, ...(files && { files }) };
  const packet = keys && (await sealPacket(party, state, { grant, digest }, keys));
  const along = packet && { packets: [packet], keep: keepPacket(party, state, packet) };
  return { placed: await submitRule(party, 'Grant', grant, along), epoch };
}

/** Binds the packet that goes along with a grant, so that no node can put another in its place. */
function keepPacket(
  party: Party,
  { handle, revision }: PatientState,
  packet: DepositedPacket,
): Signed<'Keep'> {
  requireKeepable({ packets: [packet] });
  const packets = packetsHash(party.primitives, [packet]);
  const deadline = seconds(party.clock) + 300;
  return sign(party, party, 'Keep', { handle, revision, state: ZERO32, packets, deadline });
}

/** Stores in the state that nodes have the keys of a right, with packets for coming epochs. */
async function sealAhead(
  party: Party,
  before: PatientState,
  given: KnownGrant,
  plan: PacketPlan,
): Promise<void> {
  const grants = before.grants.map((each) => (each.digest === given.digest ? given : each));
  const { packets, state } = await sealPackets(party, { ...before, grants }, plan.packets);
  if (packets.length > 0 || given.versions !== undefined) {
    await keepPatientState(party, state, packets);
  }
}

/** Returns the keys that a right to one record gives; undefined for a right to whole categories. */
async function keysOfRecord(
  party: Party,
  state: PatientState,
  { record, categories, after }: RightGivenNow,
  epoch: number,
): Promise<RecordKeys | undefined> {
  if (record === undefined) return undefined;
  const { handle } = state;
  const chart = await readChart(party, { handle, purpose: 'PATRQT', ...(after && { after }) });
  if (!versionsOf(chart, record).every(({ category }) => categories.includes(category))) {
    throw new MedsealError('NOT_FOUND', { what: 'record of these categories' });
  }
  const keys = await recordKeys(party, chart, record, (version) =>
    isBeingErased(state, epoch, version),
  );
  const [category] = categories;
  if (category !== undefined && Object.values(keys).every((key) => key === null)) {
    throw new MedsealError('RECORD_ERASED', { category });
  }
  return keys;
}

function grantOf(party: Party, handle: Grant['handle'], right: RightGiven): Grant {
  const { grantee, categories, actions, purpose, until } = right;
  const now = seconds(party.clock);
  return {
    handle,
    terms: {
      grantee,
      categories: [...categories],
      record: right.record ?? ZERO32,
      read: actions.includes('read'),
      add: actions.includes('add'),
      amend: actions.includes('amend'),
      purpose,
      from: right.from ?? now,
      until,
      salt: bytesToHex(party.random(16)),
    },
    deadline: now + 300,
  };
}
