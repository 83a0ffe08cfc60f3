import { leftIn, objectionsIn, standingIn } from '../../../src/fhir/effectiveResource.ts';
import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import { elementName } from './elementText.ts';
import { kindName } from './kindName.ts';
import { KIND_VIEWS, type KindView } from './kindViews.ts';
import { resolverOf, type Referrer, type Resolve } from '../../../src/fhir/Resolve.ts';
import type { FhirDate, Said } from './Said.ts';
import { saidOf, titleOf } from './saidOf.ts';
import { shownText } from './shownText.ts';
import { namesIn, valuesAt } from './valuesAt.ts';
import { objectedTitle } from './objectedTitle.ts';
import { whenOf } from './whenOf.ts';
import { MOST_WORDS } from '../../../src/client/index.ts';

/** The parts of a resource that people read. */
export interface Described {
  /** Its FHIR type; empty if it has none. */
  readonly kind: string;
  readonly kindName: Said;
  readonly title: Said;
  /** When it happened, as far as it says. */
  readonly when?: FhirDate;
  readonly facts: readonly Fact[];
  /** Elements that the view of its kind does not tell, field by field. */
  readonly more: readonly Fact[];
  /** True if nothing but its kind is told, since the rest takes too long. */
  readonly tooLarge?: true;
}

/** Something that a resource says. */
export interface Fact {
  readonly label: Said;
  readonly values: readonly Said[];
}

const UNTOLD: ReadonlySet<string> = new Set([
  'resourceType',
  'id',
  'meta',
  'implicitRules',
  'language',
  'text',
  'contained',
  'subject',
  'patient',
  'beneficiary',
]);
/** Most values of one fact, and most facts. */
const [MOST_VALUES, MOST_FACTS] = [100, 200];
/** Of a resource that is read alone: what it contains. */
const ALONE: Resolve = resolverOf([]);
const NOTHING: KindView = { title: [], when: [], facts: [] };

/**
 * Describes a FHIR R4 resource for people. Any value can be given: what is malformed is shown as the text that it is,
 * or left out if there is no text. Its narrative is never used, for it is markup that others wrote.
 *
 * @param resource - Anything.
 * @param resolve - Finds what its references name; only what it contains unless given.
 */
export function describeResource(resource: unknown, resolve: Resolve = ALONE): Described {
  const type = fieldOf(resource, 'resourceType');
  const kind = shownText(type, 100);
  const row =
    (typeof type === 'string' && Object.hasOwn(KIND_VIEWS, type) && KIND_VIEWS[type]) || NOTHING;
  const referrer = { from: resource, resolve };
  const when = whenOf(resource);
  const facts = row.facts.map(([label, ...paths]) => ({
    label: { word: label },
    values:
      paths.map((path) => saidAt(resource, path, referrer)).find((said) => said.length > 0) ?? [],
  }));
  const standing = standingIn(resource);
  const ledger: readonly Fact[] =
    standing === undefined
      ? []
      : [{ label: { word: 'fhir.ledger' }, values: [{ word: `fhir.state_${standing}` }] }];
  const left = leftIn(resource);
  const collect: readonly Fact[] =
    left === undefined
      ? []
      : [
          {
            label: { word: 'fhir.left' },
            values: [{ word: 'fhir.leftOf', values: { ...left, unit: shownText(left.unit, 100) } }],
          },
        ];
  const objections: readonly Fact[] = objectionsIn(resource)
    .slice(0, MOST_VALUES)
    .map(({ words, answer, version }) => ({
      label: { word: answer ? `fhir.answer_${answer}` : 'fhir.objection' },
      values: [
        words === undefined
          ? { word: 'fhir.objectionUnread' }
          : shownText(words, MOST_WORDS) || `v${version}`,
      ],
    }));
  const components = componentsOf(resource, resolve);
  return {
    kind,
    kindName: kindName(type),
    title: objectedTitle(titleOf(resource, resolve), resource),
    ...(when && { when }),
    facts: [...objections, ...ledger, ...collect, ...components, ...facts]
      .filter(({ values }) => values.length > 0)
      .slice(0, MOST_FACTS),
    more: moreOf(resource, row, referrer),
  };
}

function saidAt(resource: unknown, path: string, referrer: Referrer): readonly Said[] {
  const found = valuesAt(resource, path).map(({ element, value }) =>
    saidOf(value, element, referrer),
  );
  return found.filter((said) => said !== '').slice(0, MOST_VALUES);
}

/** Each component of an observation, such as the two of a blood pressure, with its own name. */
function componentsOf(resource: unknown, resolve: Resolve): readonly Fact[] {
  if (fieldOf(resource, 'resourceType') !== 'Observation') return [];
  return valuesAt(resource, 'component').map(({ value }) => ({
    label: titleOf({ ...(value as object), resourceType: 'Observation' }, resolve, 1, resource),
    values: ['value[x]', 'interpretation', 'dataAbsentReason'].flatMap((path) =>
      saidAt(value, path, { from: resource, resolve }),
    ),
  }));
}

function moreOf(resource: unknown, row: KindView, referrer: Referrer): readonly Fact[] {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return [];
  const told = [...row.title, ...row.when, ...row.facts.flatMap(([, ...paths]) => paths)].map(
    (path) => path.split('.')[0] ?? '',
  );
  const isTold = (name: string): boolean =>
    UNTOLD.has(name) ||
    name.startsWith('_') ||
    (name === 'component' && fieldOf(resource, 'resourceType') === 'Observation') ||
    told.some(
      (each) => each === name || (each.endsWith('[x]') && name.startsWith(each.slice(0, -3))),
    );
  return namesIn(resource)
    .filter((name) => !isTold(name))
    .slice(0, MOST_FACTS)
    .map((name) => ({ label: elementName(name), values: saidAt(resource, name, referrer) }))
    .filter(({ values }) => values.length > 0);
}
