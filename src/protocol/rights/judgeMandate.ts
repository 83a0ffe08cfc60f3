import { MedsealError } from '../../errors/MedsealError.ts';
import { POWERS, type Mandate, type MandateFacts, type Power } from '../care/mandates.ts';
import type { Address, Bytes32, Handle } from '../ids.ts';
import type { Action } from '../vocabulary.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';
import type { RulesView } from './RulesView.ts';

/** Action that a party wants to do by a mandate. */
export interface ActionByMandate {
  readonly party: Address;
  readonly handle: Handle;
  readonly action: Action;
  /** Digest of the mandate. */
  readonly grant: Bytes32;
  /** The moment, Unix seconds. */
  readonly at: number;
}

/**
 * Judges whether a mandate lets its representative see a chart as the patient does: whoever keeps the chart's keys may. It gives no
 * writing: what a representative writes rests on a right of their own.
 *
 * @param context - Domain and primitives.
 * @param view - The rules as of a block.
 * @param wanted - Wanted action of a party that is active; its grant is the mandate's digest.
 * @param mandate - The mandate's opening, as presented.
 * @throws MedsealError `RIGHT_MISSING`; `RIGHT_ENDED` only to the representative; `PARTY_SUSPENDED` while the patient is.
 */
export function judgeMandate(
  context: SigningContext,
  view: RulesView,
  wanted: ActionByMandate,
  mandate: Mandate,
): void {
  const mandates = mandatesOn(view, wanted.handle);
  const known = mandates.find((each) => each.mandate === wanted.grant);
  const isOpened =
    known !== undefined &&
    mandate.handle === wanted.handle &&
    digestOf(context, 'Mandate', mandate) === wanted.grant;
  if (!isOpened || mandate.terms.representative !== wanted.party) throw missing();
  // This one is opened here; that of who appointed its key the judge has to know.
  const exact = (digest: Bytes32): number | undefined =>
    digest === wanted.grant ? mandate.terms.until : view.exactEnd(digest);
  if (!standsAt(mandates, known, wanted.at, exact)) throw new MedsealError('RIGHT_ENDED', {});
  // The key acts in the place of a patient's, which a suspension stops.
  const { controller } = view.patient(wanted.handle) ?? {};
  if (controller !== undefined && view.party(controller)?.suspended) {
    throw new MedsealError('PARTY_SUSPENDED', {});
  }
  if (wanted.action !== 'read' || !hasPower(known, 'keys')) throw missing();
}

/**
 * Returns the mandate by which a key acts on a handle; undefined if it does not act, or not with this power. A judge who sees
 * openings takes nothing of a key from its exact end on, or of one whose exact end it does not know.
 *
 * @param view - The rules as of a block; without `exactEnd`, as the ledger itself judges.
 * @param handle - The chart.
 * @param key - Address of the key.
 * @param power - The power; any if absent.
 * @param at - The moment, Unix seconds.
 */
export function actingMandate(
  view: Pick<RulesView, 'patient'> & Partial<Pick<RulesView, 'exactEnd'>>,
  handle: Handle,
  key: Address,
  power: Power | undefined,
  at: number,
): MandateFacts | undefined {
  const mandates = mandatesOn(view, handle);
  const known = mandates.find((each) => each.key === key);
  if (known === undefined || (power !== undefined && !hasPower(known, power))) return undefined;
  const exact = view.exactEnd && ((digest: Bytes32): number | undefined => view.exactEnd?.(digest));
  return standsAt(mandates, known, at, exact) ? known : undefined;
}

/** Exact end of a mandate, as its opening has it; undefined if the judge does not know that. */
export type ExactEnd = (mandate: Bytes32) => number | undefined;

/**
 * Tells whether a mandate stands at a moment, and that of the key that appointed it: the contract judges it the same, up to the
 * later end that it shows.
 *
 * @param mandates - All on the chart.
 * @param mandate - The one that is meant.
 * @param at - The moment, Unix seconds.
 * @param exact - Exact ends; if absent, those of the ledger count.
 */
export function standsAt(
  mandates: readonly MandateFacts[],
  mandate: MandateFacts,
  at: number,
  exact?: ExactEnd,
): boolean {
  if (mandate.state !== 'active' || at >= actingUntil(mandates, mandate, exact)) return false;
  const { appointer } = mandate;
  return appointer === undefined || appointerOf(mandates, mandate)?.state === 'active';
}

/**
 * Returns the first second at which a mandate gives nothing any more: its end, or that of the key that appointed it, if that
 * is earlier. Rights that its key gave before go on.
 *
 * @param mandates - All on the chart.
 * @param mandate - The one that is meant.
 * @param exact - Exact ends; if absent, those of the ledger count.
 * @returns 0 if one that counts is not known.
 */
export function actingUntil(
  mandates: readonly MandateFacts[],
  mandate: MandateFacts,
  exact?: ExactEnd,
): number {
  const endOf = (facts: MandateFacts | undefined): number => {
    if (facts === undefined) return 0;
    return exact === undefined ? facts.until : Math.min(facts.until, exact(facts.mandate) ?? 0);
  };
  if (mandate.appointer === undefined) return endOf(mandate);
  return Math.min(endOf(mandate), endOf(appointerOf(mandates, mandate)));
}

function appointerOf(
  mandates: readonly MandateFacts[],
  { appointer }: MandateFacts,
): MandateFacts | undefined {
  return mandates.find(({ key }) => key === appointer);
}

/** The mandates on a chart, oldest first. */
export function mandatesOn(
  view: Pick<RulesView, 'patient'>,
  handle: Handle,
): readonly MandateFacts[] {
  return view.patient(handle)?.mandates ?? [];
}

/** Tells whether a mandate has a power. */
export function hasPower({ powers }: Pick<MandateFacts, 'powers'>, power: Power): boolean {
  return (powers & POWERS[power]) !== 0;
}

/**
 * Returns the powers that an offer to act asks for.
 *
 * @param wanted - `appoint` to let further keys act, too.
 * @returns Bits of `POWERS`.
 */
export function powersOffered({ appoint = false }: { readonly appoint?: boolean }): number {
  return POWERS.rules + POWERS.keys + (appoint ? POWERS.appoint : 0);
}

function missing(): MedsealError {
  return new MedsealError('RIGHT_MISSING', {});
}
