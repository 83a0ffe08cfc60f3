import type { Bundle, ElementDefinition, StructureDefinition, ValueSet } from '@medplum/fhirtypes';

/** The definitions of FHIR R4 as `r4.json` holds them: what a validator reads of them, without texts for people. */
export interface CompactDefinitions {
  /** The source, and its licence. */
  readonly about: string;
  /** Invariants by label, which is the key, and a number after `#` if another one has the same key. */
  readonly constraints: Readonly<Record<string, CompactConstraint>>;
  readonly structures: readonly CompactStructure[];
  /** Value sets from which codes have to be: codes by their system, with spaces between them. */
  readonly valueSets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An invariant. */
export interface CompactConstraint {
  readonly severity: 'error' | 'warning';
  readonly expression: string;
}

/** A data type or a resource. */
export interface CompactStructure extends Pick<
  StructureDefinition,
  'name' | 'type' | 'kind' | 'abstract'
> {
  /** Labels of the invariants of the whole. */
  readonly constraints: string;
  readonly elements: readonly CompactElement[];
}

/**
 * An element. Its path is without the type that it is in. After the cardinality stands how many the base allows, with `of`,
 * if that is another number. Behind a type stands in parentheses what a reference may lead to; in place of types, `#` and
 * the path of the element whose content this one has. A code that has to be from a value set that can be enumerated names it.
 */
export type CompactElement = readonly [
  path: string,
  cardinality: string,
  types: string,
  constraints: string,
  valueSet?: string,
];

/** The address of a definition of FHIR is this, and its name. */
export const FHIR_DEFINITION = 'http://hl7.org/fhir/StructureDefinition/';

/** The address of a value set is this, and its name, unless the name is an address. */
export const VALUE_SET = 'http://hl7.org/fhir/ValueSet/';

/** Makes of compact definitions the bundle that `createValidator` takes. */
export function expandDefinitions({
  constraints,
  structures,
  valueSets,
}: CompactDefinitions): Bundle {
  const invariants = new Map(
    Object.entries(constraints).map(([label, constraint]) => [
      label,
      { key: label.replace(/#.*/, ''), ...constraint },
    ]),
  );
  const constraintsOf = (labels: string) =>
    wordsIn(labels).map((label) => invariants.get(label)) as ElementDefinition['constraint'] & {};
  const resources = structures.map(({ elements, constraints, ...structure }) => {
    const { name, type } = structure;
    const root = { path: type, constraint: constraintsOf(constraints) };
    const element = elements.map(([path, cardinality, types, labels, valueSet]) => ({
      path: `${type}.${path}`,
      ...cardinalityOf(cardinality, `${type}.${path}`),
      ...typesOf(types),
      constraint: constraintsOf(labels),
      ...(valueSet !== undefined && {
        binding: { strength: 'required' as const, valueSet: addressOf(valueSet, VALUE_SET) },
      }),
    }));
    return {
      resourceType: 'StructureDefinition',
      url: `${FHIR_DEFINITION}${name}`,
      status: 'active',
      ...structure,
      snapshot: { element: [root, ...element] as ElementDefinition[] },
    } satisfies StructureDefinition;
  });
  const sets = Object.entries(valueSets).map(([name, codes]): ValueSet => {
    const include = Object.entries(codes).map(([system, own]) => ({
      system,
      concept: wordsIn(own).map((code) => ({ code })),
    }));
    const url = addressOf(name, VALUE_SET);
    return { resourceType: 'ValueSet', url, status: 'active', compose: { include } };
  });
  const entry = [...resources, ...sets].map((resource) => ({ resource }));
  return { resourceType: 'Bundle', type: 'collection', entry };
}

function cardinalityOf(
  text: string,
  path: string,
): Pick<ElementDefinition, 'min' | 'max' | 'base'> {
  const [, low, max = '', most = max] = /^(\d+)\.\.(\d+|\*)(?: of (\d+|\*))?$/.exec(text) ?? [];
  const min = Number(low);
  return { min, max, base: { path, min, max: most } };
}

function typesOf(text: string): Pick<ElementDefinition, 'type' | 'contentReference'> {
  if (text.startsWith('#')) return { contentReference: text };
  const type = wordsIn(text).map((word) => {
    const [, code = '', targets] = /^([^(]+)(?:\((.+)\))?$/.exec(word) ?? [];
    const targetProfile = targets?.split('|').map((each) => addressOf(each, FHIR_DEFINITION));
    return targetProfile === undefined ? { code } : { code, targetProfile };
  });
  return { type };
}

function addressOf(name: string, begin: string): string {
  return name.includes(':') ? name : `${begin}${name}`;
}

function wordsIn(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
