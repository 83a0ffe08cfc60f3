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
  if (!standsAt(mandates, known, wanted.at) || wanted.at >= mandate.terms.until) {
    throw new MedsealError('RIGHT_ENDED', {});
  }
  // The key acts in the place of a patient's, which a suspension stops.
  const { controller } = view.patient(wanted.handle) ?? {};
  if (controller !== undefined && view.party(controller)?.suspended) {
    throw new MedsealError('PARTY_SUSPENDED', {});
  }
  if (wanted.action !== 'read' || !hasPower(known, 'keys')) throw missing();
}

/**
 * Returns the mandate by which a key acts on a handle; undefined if it does not act, or not with this power.
 *
 * @param view - The rules as of a block.
 * @param handle - The chart.
 * @param key - Address of the key.
 * @param power - The power; any if absent.
 * @param at - The moment, Unix seconds.
 */
export function actingMandate(
  view: Pick<RulesView, 'patient'>,
  handle: Handle,
  key: Address,
  power: Power | undefined,
  at: number,
): MandateFacts | undefined {
  const mandates = mandatesOn(view, handle);
  const known = mandates.find((each) => each.key === key);
  if (known === undefined || (power !== undefined && !hasPower(known, power))) return undefined;
  return standsAt(mandates, known, at) ? known : undefined;
}

/**
 * Tells whether a mandate stands at a moment, and that of the key that appointed it: the contract judges it the same.
 *
 * @param mandates - All on the chart.
 * @param mandate - The one that is meant.
 * @param at - The moment, Unix seconds.
 */
export function standsAt(
  mandates: readonly MandateFacts[],
  { state, until, appointer }: MandateFacts,
  at: number,
): boolean {
  if (state !== 'active' || at >= until) return false;
  if (appointer === undefined) return true;
  const by = mandates.find(({ key }) => key === appointer);
  return by !== undefined && by.state === 'active' && at < by.until;
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

function missing(): MedsealError {
  return new MedsealError('RIGHT_MISSING', {});
}
