import { MedsealError } from '../../errors/MedsealError.ts';
import type { GrantDigests } from './GrantDigests.ts';
import { ZERO32, type Address, type Bytes32, type Handle, type RecordId } from '../ids.ts';
import { judgeMandate } from './judgeMandate.ts';
import { isMandate, type RightOpening } from './RightOpening.ts';
import type { RulesView } from './RulesView.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';
import type { Action, Category, Purpose } from '../vocabulary.ts';
import type { VerifiedBodies } from '../evidence/VerifiedBodies.ts';

/** Trusted data and memory that judging a right uses. */
export interface JudgingContext extends SigningContext {
  /** Digests of the openings that its organisation was shown before; if absent, each opening is hashed again. */
  readonly grantDigests?: GrantDigests;
  /** Bodies that its organisation verified as support before; if absent, each is verified again. */
  readonly verifiedBodies?: VerifiedBodies;
}

/** Action that a party wants to do. */
export interface WantedRight {
  readonly party: Address;
  readonly handle: Handle;
  readonly action: Action;
  /** The record's category; absent if the whole chart is asked for, in whatever categories the right covers. */
  readonly category?: Category;
  /** The record; absent for the whole chart. */
  readonly record?: RecordId;
  readonly purpose: Purpose;
  /** Digest of the grant or mandate relied on, or `ZERO32` for the patient's own chart. */
  readonly grant: Bytes32;
  /** Its opening, as presented. */
  readonly opening?: RightOpening;
  /** The moment, Unix seconds. */
  readonly at: number;
}

/** Part of a chart that a right covers. */
export interface Coverage {
  /** The categories; undefined for all. */
  readonly categories?: readonly Category[];
  /** The one record; undefined for every record of the categories. */
  readonly record?: RecordId;
}

/**
 * Judges whether a right covers a wanted action: the same rule as the contract's `Consent.check`. A patient's suspension stops
 * what the patient's key signs; rights that stood go on.
 *
 * @param context - Domain, primitives, and the judge's memory.
 * @param view - The rules as of a block.
 * @param wanted - Wanted action with its party and grant.
 * @returns Coverage of the right; the whole chart for its patient.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RIGHT_MISSING`; `RIGHT_ENDED` only to the grantee.
 */
export function judgeRight(
  context: JudgingContext,
  view: RulesView,
  wanted: WantedRight,
): Coverage {
  requireActive(view, wanted.party);
  const patient = view.patient(wanted.handle);
  if (patient === undefined) throw missing();
  if (wanted.grant === ZERO32) {
    if (patient.controller !== wanted.party) throw missing();
    return {};
  }
  const { opening } = wanted;
  if (opening === undefined || opening.handle !== wanted.handle) throw missing();
  if (isMandate(opening)) {
    judgeMandate(context, view, wanted, opening);
    return {};
  }
  const { grantDigests } = context;
  const digest = grantDigests?.of(context, opening) ?? digestOf(context, 'Grant', opening);
  if (digest !== wanted.grant) throw missing();
  const { terms } = opening;
  const known = view.grant(wanted.grant);
  if (known === undefined || known.handle !== wanted.handle) throw missing();
  // The ledger took it in the days that hide the end of a mandate.
  if (view.isGivenLate(wanted.grant)) throw missing();
  if (terms.grantee !== wanted.party) throw missing();
  // Such a right gives nothing; the contract judges it the same.
  if (terms.until - terms.from > view.longestRight || terms.categories.length === 0) {
    throw missing();
  }
  if (known.state === 'ended' || wanted.at >= terms.until) {
    throw new MedsealError('RIGHT_ENDED', {});
  }
  if (wanted.at < terms.from || !terms[wanted.action] || terms.purpose !== wanted.purpose) {
    throw missing();
  }
  if (wanted.category !== undefined && !terms.categories.includes(wanted.category)) throw missing();
  if (terms.record !== ZERO32 && wanted.record !== undefined && terms.record !== wanted.record) {
    throw missing();
  }
  return {
    categories: terms.categories,
    ...(terms.record !== ZERO32 && { record: terms.record }),
  };
}

/**
 * Requires that a party is enrolled and not suspended.
 *
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`.
 */
export function requireActive(view: RulesView, party: Address): void {
  const known = view.party(party);
  if (known === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (known.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
}

function missing(): MedsealError {
  return new MedsealError('RIGHT_MISSING', {});
}
