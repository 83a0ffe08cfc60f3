import type { Coding } from '@medplum/fhirtypes';
import { fieldOf, listOf } from './fieldOf.ts';

/**
 * Tells whether a resource is labelled as more than normally confidential: R or V of HL7's Confidentiality, a sensitivity such
 * as ETH, PSY, HIV or SEX, or any label that is not known to say less. Such labels stand in `meta.security`, and in a
 * document's `securityLabel` or `confidentiality`.
 *
 * A label that nobody here knows counts, because whoever put it there wanted fewer people to read the resource.
 *
 * @param resource - A resource, or a bundle's fields without its entries.
 */
export function isSensitive(resource: unknown): boolean {
  return labelsOf(resource).some((label) => !isHarmless(label));
}

/**
 * Tells whether a resource has labels of its own at all; one without has those of the bundle that it came in.
 *
 * @param resource - A resource, or anything else.
 */
export function isLabelled(resource: unknown): boolean {
  return labelsOf(resource).length > 0;
}

/**
 * The labels by which a resource is sensitive, as `meta.security` would have them.
 *
 * @param resource - A resource, or a bundle's fields without its entries.
 */
export function sensitiveLabels(resource: unknown): readonly Coding[] {
  return labelsOf(resource)
    .filter((label) => !isHarmless(label))
    .map(({ system, code, text }) => ({
      ...(typeof system === 'string' && { system }),
      ...(typeof code === 'string' && { code }),
      ...(typeof text === 'string' && { display: text }),
    }));
}

/**
 * Tells whether every resource with a label is sensitive because of it.
 *
 * @param coding - The label.
 */
export function isSensitiveLabel(coding: unknown): boolean {
  return !isHarmless({ system: fieldOf(coding, 'system'), code: fieldOf(coding, 'code') });
}

/** Label of a resource that is known to be sensitive, but not why: restricted. */
export function restricted(): Coding {
  return { system: CONFIDENTIALITY[0] ?? '', code: 'R' };
}

interface Label {
  readonly system: unknown;
  readonly code: unknown;
  /** For people. */
  readonly text?: unknown;
}

function labelsOf(resource: unknown): readonly Label[] {
  const ofDocument = listOf(fieldOf(resource, 'securityLabel')).flatMap((concept) => {
    const codings = listOf(fieldOf(concept, 'coding'));
    // One that is only a text is one that nobody knows.
    return codings.length > 0 ? codings : [concept];
  });
  const codings = [...listOf(fieldOf(fieldOf(resource, 'meta'), 'security')), ...ofDocument];
  const confidentiality = fieldOf(resource, 'confidentiality');
  return [
    ...codings.map((coding) => ({
      system: fieldOf(coding, 'system'),
      code: fieldOf(coding, 'code'),
      text: fieldOf(coding, 'display') ?? fieldOf(coding, 'text'),
    })),
    // In Composition it is a code by itself.
    ...(confidentiality === undefined
      ? []
      : [{ system: CONFIDENTIALITY[0], code: confidentiality }]),
  ];
}

function isHarmless({ system, code }: Label): boolean {
  if (CONFIDENTIALITY.includes(String(system))) return NORMAL.includes(String(code));
  return HARMLESS.includes(String(system));
}

/** The names of one of HL7's v3 code systems: in R4, in STU3, and by its number. */
function names(name: string, number: string): readonly string[] {
  return [
    `http://terminology.hl7.org/CodeSystem/v3-${name}`,
    `http://hl7.org/fhir/v3/${name}`,
    `urn:oid:2.16.840.1.113883.5.${number}`,
  ];
}

const CONFIDENTIALITY = names('Confidentiality', '25');
/** Unrestricted, low, moderate, normal. */
const NORMAL = ['U', 'L', 'M', 'N'];
/** Labels of permitted uses, of test data, and of how far data can be trusted, or was changed. */
const HARMLESS = [...names('ActReason', '8'), ...names('ObservationValue', '1063')];
