import * as fc from 'fast-check';
import type { Coding } from '@medplum/fhirtypes';
import type { Address, Handle } from '../../protocol/ids.ts';
import { ACTIONS, CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';

const HL7 = 'http://terminology.hl7.org/CodeSystem';
const HANDLE: Handle = `0x${'ab'.repeat(32)}`;

/** Values of each condition of a provision, one of each to be asked about: whom, what, how, what for, when. */
export const ASKED = {
  actors: ['11', '22', '33'].map((byte): Address => `0x${byte.repeat(20)}`),
  categories: CATEGORIES.filter((_, index) => [6, 7, 15, 16].includes(index)),
  actions: ACTIONS,
  purposes: PURPOSES.filter((purpose) => ['TREAT', 'ETREAT', 'BTG', 'HRESCH'].includes(purpose)),
  /** Unix seconds, about the bounds of the periods. */
  moments: [1000, 1009, 1010, 1011, 1019, 1020, 1030, 1039, 1040, 1041],
  record: `0x${'77'.repeat(32)}`,
} as const;

/** Labels of others that make a record sensitive. */
const FOREIGN_LABELS: readonly Coding[] = [
  { system: `${HL7}/v3-Confidentiality`, code: 'R' },
  { system: `${HL7}/v3-ActCode`, code: 'PSY' },
];

/** Labels by which a sensitive record may be so: the former, and one that no Consent names. */
export const LABELS = [...FOREIGN_LABELS.map(({ code = '' }) => code), 'HIV'];

/** A use of a chart that somebody asks about. */
export interface Asked {
  readonly actor: string;
  readonly category: string;
  readonly action: string;
  readonly purpose: string;
  readonly moment: number;
  readonly record?: string;
  /** Label by which a record is sensitive; any of them if absent. */
  readonly label?: string;
}

/** A provision as a test writes it. */
export interface Provision {
  readonly type: 'permit' | 'deny';
  readonly period?: { readonly start?: string; readonly end?: string };
  readonly [element: string]: unknown;
}

const CODE = { read: 'access', add: 'collect', amend: 'correct' } as const;
const at = (moment: number): string => new Date(moment * 1000).toISOString().replace('.000Z', 'Z');
const some = <Value>(values: readonly Value[], isNeeded: boolean) =>
  fc.option(fc.subarray([...values], { minLength: 1 }), {
    nil: undefined,
    freq: isNeeded ? 50 : 2,
  });

function provision(
  type: Provision['type'],
  depth: number,
  isOuter: boolean,
): fc.Arbitrary<Provision> {
  const inner = fc.constantFrom<Provision['type']>(
    ...(type === 'permit' ? (['deny', 'deny', 'permit'] as const) : (['permit'] as const)),
  );
  return fc
    .record({
      actors: some(ASKED.actors, isOuter && type === 'permit'),
      categories: some(ASKED.categories, false),
      labels:
        type === 'deny'
          ? some(FOREIGN_LABELS, false)
          : fc.constant<Coding[] | undefined>(undefined),
      actions: some(ASKED.actions, false),
      purposes: some(ASKED.purposes, isOuter && type === 'permit'),
      start: fc.option(fc.constantFrom(1000, 1010, 1020), { nil: undefined }),
      end: fc.option(fc.constantFrom(1010, 1019, 1040), {
        nil: undefined,
        freq: isOuter && type === 'permit' ? 50 : 2,
      }),
      record: fc
        .constant(type === 'permit' && depth === 2)
        .chain((may) =>
          may
            ? fc.option(fc.constant(ASKED.record), { nil: undefined, freq: 2 })
            : fc.constant(undefined),
        ),
      inner:
        depth === 0
          ? fc.constant([])
          : fc.array(
              inner.chain((within) => provision(within, depth - 1, false)),
              { maxLength: 2 },
            ),
    })
    .map(
      ({ actors, categories, labels, actions, purposes, start, end, record, inner: within }) => ({
        type,
        ...((start !== undefined || end !== undefined) && {
          period: {
            ...(start !== undefined && { start: at(start) }),
            ...(end !== undefined && { end: at(end) }),
          },
        }),
        ...(actors && { actor: actors.map(actorNamed) }),
        ...((categories ?? labels) && {
          securityLabel: [
            ...(categories ?? []).map((code) => ({ system: 'urn:medseal:category', code })),
            ...(labels ?? []),
          ],
        }),
        ...(actions && {
          action: actions.map((action) => ({
            coding: [{ system: `${HL7}/consentaction`, code: CODE[action] }],
          })),
        }),
        ...(purposes && {
          purpose: purposes.map((code) => ({ system: `${HL7}/v3-ActReason`, code })),
        }),
        ...(record && {
          data: [
            {
              meaning: 'instance',
              reference: { identifier: { system: 'urn:medseal:record', value: record } },
            },
          ],
        }),
        ...(within.length > 0 && { provision: within }),
      }),
    );
}

/** An actor of a provision: a recipient of information, by its address. */
export function actorNamed(party: Address): object {
  return {
    role: { coding: [{ system: `${HL7}/v3-ParticipationType`, code: 'IRCP' }] },
    reference: { identifier: { system: 'urn:medseal:party', value: party } },
  };
}

/** An active Consent of one patient around a provision. */
export function consentAround(root: unknown): { readonly [element: string]: unknown } {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: `${HL7}/consentscope`, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { identifier: { system: 'urn:medseal:handle', value: HANDLE } },
    policy: [{ uri: 'urn:example:policy' }],
    provision: root,
  };
}

/** The patient of `consentAround`, just before any moment that is asked about. */
export const READING = { handle: HANDLE, at: 999 } as const;

/** Whom that patient means by everybody. */
export const EVERYBODY = ASKED.actors.slice(1);

/** A provision with exceptions, and exceptions of these. */
export const arbitraryProvision: fc.Arbitrary<Provision> = fc
  .constantFrom('permit' as const, 'deny' as const)
  .chain((type) => provision(type, 2, true));
