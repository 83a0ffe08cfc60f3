import {
  claimBasis,
  type Chart,
  type ChartRecord,
  type ClaimBasis,
  type ClaimListed,
  type NewClaim,
  type Party,
  type RecordsForClaim,
} from '../../../../src/client/index.ts';
import type { BillLine } from '../../../../src/fhir/claims/makeInvoice.ts';
import type { Handle, RecordId } from '../../../../src/protocol/ids.ts';
import type { PersonInRole } from '../../session/peopleInRole.ts';
import { linesIn, type LineTyped } from './BillLines.tsx';
import { unitsIn } from './unitsIn.ts';

/** Choice of a treatment that has not begun. */
export const NOT_BEGUN = 'ahead';

/** Fields of a claim as they are typed and chosen; a text is empty until then. */
export interface ClaimTyped {
  readonly insurer: { [Field in 'address' | 'name' | 'organisation']: PersonInRole[Field] | '' };
  readonly treated: RecordId | typeof NOT_BEGUN | '';
  readonly policy: RecordId | '';
  readonly further: readonly RecordId[];
  readonly typed: readonly LineTyped[];
  readonly currency: string;
  readonly less: string;
  readonly uses: readonly 'promise'[];
}

/** A claim of which nothing is typed yet. */
export const NOTHING_TYPED: ClaimTyped = {
  insurer: { address: '', name: '', organisation: '' },
  treated: '',
  policy: '',
  further: [],
  typed: [{ service: '', amount: '' }],
  currency: 'EUR',
  less: '',
  uses: ['promise'],
};

/** The chart, its records by what a claim can name them as, and the claims of before. */
export interface ClaimGround extends RecordsForClaim {
  readonly handle: Handle;
  /** True if the chart is the person’s own. */
  readonly isOwn: boolean;
  readonly chart: Chart;
  readonly claims: readonly ClaimListed[];
}

/** A claim as it is typed so far, read beside the chart and the claims of before. */
export interface ClaimTypedRead {
  readonly who: PersonInRole | undefined;
  readonly treatment: ChartRecord | undefined;
  readonly isAhead: boolean;
  readonly coverage: ChartRecord | undefined;
  /** Lines of the bill; undefined if one is not whole. */
  readonly lines: readonly BillLine[] | undefined;
  /** Hundredths of the whole bill. */
  readonly total: number;
  /** Hundredths that are asked for; undefined if the text cannot be read as an amount. */
  readonly asked: number | undefined;
  /** Most hundredths that are left to ask for. */
  readonly most: number;
  readonly isTooMuch: boolean;
  readonly isCurrency: boolean;
  readonly basis: ClaimBasis | undefined;
  /** Total of the claim of before, if the person’s bill is higher now. */
  readonly lower: number | undefined;
  /** The agreement in advance that is used up. */
  readonly used: ClaimListed | undefined;
  /** Records that the insurer may read, in the order of the sheet. */
  readonly shown: readonly ChartRecord[];
  /** Steps in which something is missing or wrong. */
  readonly missing: readonly ('who' | 'bill')[];
  /** The claim, once nothing is missing. */
  readonly wanted: NewClaim | undefined;
}

/**
 * Reads a claim as it is typed so far.
 *
 * @param party - Whoever claims.
 * @param ground - The chart, and the claims of before.
 * @param typed - The fields.
 * @param hasBill - True if the file of a bill was chosen.
 */
export function readClaimTyped(
  party: Party,
  { handle, isOwn, chart, claims, treatments, policies, others }: ClaimGround,
  { insurer, treated, policy, further, typed, currency, less, uses }: ClaimTyped,
  hasBill: boolean,
): ClaimTypedRead {
  const who = insurer.address === '' ? undefined : (insurer as PersonInRole);
  const treatment = treatments.find(({ record }) => record === treated);
  const isAhead = treated === NOT_BEGUN;
  const coverage = policies.find(({ record }) => record === policy) ?? policies[0];
  const lines = linesIn(typed);
  const total = (lines ?? []).reduce((sum, { units }) => sum + units, 0);
  const asked = less.trim() === '' ? total : unitsIn(less, total);
  const first = chart.records.find((each) => each.record === treated && each.version === 1);
  const basis = first && claimBasis(party, claims, { first, insurer: who?.address });
  const { before, approved = 0, needsBill = false, authorisation } = basis ?? {};
  const isTooMuch = asked === undefined || asked > total - approved;
  const isCurrency = /^[A-Z]{3}$/.test(currency);
  const used = uses.length > 0 ? authorisation : undefined;
  const shownBefore = before?.facts.total ?? total;
  const shown = [
    ...(treatment ? [treatment] : []),
    ...others.filter(({ record }) => further.includes(record) && record !== treated),
    ...(coverage ? [coverage] : []),
  ];
  const isWho = who !== undefined && coverage !== undefined && (isAhead || treatment !== undefined);
  const isBill = lines !== undefined && !isTooMuch && isCurrency && (!needsBill || hasBill);
  const wanted: NewClaim | undefined =
    isWho && isBill
      ? {
          handle,
          insurer: who.address,
          coverage: coverage.record,
          ...(treatment && { treatment: treatment.record }),
          records: shown.flatMap(({ record }) => (further.includes(record) ? [record] : [])),
          lines,
          currency,
          amount: asked,
          ...(before && { follows: before.digest }),
          ...(used && { authorisation: used.digest }),
          ...(chart.grant && { grant: chart.grant }),
          purpose: chart.purpose,
        }
      : undefined;
  return {
    who,
    treatment,
    isAhead,
    coverage,
    lines,
    total,
    asked,
    most: Math.max(total - approved, 0),
    isTooMuch,
    isCurrency,
    basis,
    lower: isOwn && shownBefore < total ? shownBefore : undefined,
    used,
    shown,
    missing: [...(isWho ? [] : ['who' as const]), ...(isBill ? [] : ['bill' as const])],
    wanted,
  };
}
