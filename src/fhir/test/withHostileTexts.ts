import { getDataType, isResourceType } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';

/** Texts of R4's types; those of a code, an address, an id or a date have forms that leave no room. */
const TEXTS: ReadonlySet<string> = new Set(['string', 'markdown']);
/** Elements with a form of their own, and one that stands only in place of a value. */
const LEFT: ReadonlySet<string> = new Set(['id', 'dataAbsentReason']);
/** Elements that a resource lacks, by their type, with a text inside. */
const MADE: Readonly<Record<string, (text: string) => unknown>> = {
  string: (text) => text,
  markdown: (text) => text,
  Annotation: (text) => ({ authorString: text, text }),
  CodeableConcept: (text) => ({ text }),
  Reference: (text) => ({ display: text }),
  Identifier: (text) => ({ value: text }),
  HumanName: (text) => ({ family: text, given: [text] }),
  Address: (text) => ({ line: [text], city: text }),
};

/**
 * Puts a text into every text of a resource, also into those that it lacks and its type allows.
 *
 * @param resource - A valid resource; R4's definitions are loaded.
 * @param text - The text.
 */
export function withHostileTexts(resource: Resource, text: string): Resource {
  return filled(resource, resource.resourceType, text) as Resource;
}

function filled(value: unknown, type: string, text: string): unknown {
  if (Array.isArray(value)) return value.map((each) => filled(each, type, text));
  if (TEXTS.has(type)) return text;
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [path, { type: types, max, binding }] of Object.entries(getDataType(type).elements)) {
    // No text stands in place of a code that R4 requires.
    if (LEFT.has(path) || binding?.strength === 'required') continue;
    for (const { code } of types) {
      const name = path.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1));
      const make = Object.hasOwn(MADE, code) ? MADE[code] : undefined;
      if (result[name] !== undefined) result[name] = filled(result[name], code, text);
      else if (isResourceType(type) && !path.includes('[x]') && make !== undefined)
        result[name] = max > 1 ? [make(text)] : make(text);
    }
  }
  return result;
}
