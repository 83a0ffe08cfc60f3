import type { OperationOutcomeIssue, StructureDefinition } from '@medplum/fhirtypes';
import { typedName } from './typedName.ts';

/**
 * Makes the function that tells why a resource is invalid, in words that quote nothing of the resource: the path is
 * spelled with the names that FHIR itself defines, and the sentence is one of a fixed list or names an invariant.
 *
 * @param structures - The definitions, for the names of elements and types.
 * @returns A function of what `findIssue` found and the path of the resource that it found it in.
 */
export function createReasoner(
  structures: readonly StructureDefinition[],
): (issue: OperationOutcomeIssue | Error, path: string) => string {
  const elements = new Set<string>();
  const choices: string[] = [];
  for (const structure of structures) {
    for (const element of structure.snapshot?.element ?? []) {
      const name = element.path?.split('.').at(-1) ?? '';
      elements.add(name.replace('[x]', ''));
      if (name.endsWith('[x]')) {
        for (const type of element.type ?? []) choices.push(typedName(name, type.code ?? ''));
      }
    }
  }
  for (const choice of choices) elements.add(choice);

  function safe(segment: string): string {
    const [, name = '', index = ''] = /^_?(.*?)((?:\[\d+\])*(?:\[x\])?)$/s.exec(segment) ?? [];
    return elements.has(name) ? `${name}${index}` : '?';
  }

  return (issue, path) => {
    if (issue instanceof RangeError) return `${path}: is nested too deeply`;
    if (issue instanceof Error) return `${path}: cannot be read as FHIR R4`;
    const [, ...inner] = (issue.expression?.[0] ?? '').split('.');
    return `${[path, ...inner.map(safe)].join('.')}: ${sentenceOf(issue)}`;
  };
}

/** Texts of the validator that say only what FHIR says; its other texts quote the resource. */
const SENTENCES: readonly RegExp[] = [
  /^Missing required property$/,
  /^Expected (?:array of values|single value) for property$/,
  /^Invalid (?:empty|null) value$/,
  /^Invalid empty non-primitive value$/,
  /^Invalid number of values: expected \d+\.\.(?:\d+|\*), but found \d+$/,
  /^Invalid JSON type: expected \w+, but got \w+$/,
  /^Invalid (?:canonical|code|date|dateTime|id|instant|markdown|oid|string|time|uri|url|uuid|base64Binary) format$/,
  /^Invalid (?:date|dateTime|instant|numeric) value$/,
  /^String must contain non-whitespace content$/,
  /^String cannot be larger than 1 MB$/,
  /^Expected number to be /,
  /^Value did not match expected pattern$/,
  /^Conflicting choice of type properties$/,
  /^Code is not of the required value set$/,
];

function sentenceOf(issue: OperationOutcomeIssue): string {
  const text = issue.details?.text ?? '';
  const invariant = /^Constraint ([a-z0-9]+-[0-9a-z]+) not met: /.exec(text)?.[1];
  if (issue.code === 'invariant' && invariant !== undefined) {
    return `breaks the invariant ${invariant}`;
  }
  if (text.startsWith('Invalid additional property')) return 'is not an element of R4';
  if (SENTENCES.some((sentence) => sentence.test(text))) {
    return text.charAt(0).toLowerCase() + text.slice(1);
  }
  return 'does not have the form that R4 gives it';
}
