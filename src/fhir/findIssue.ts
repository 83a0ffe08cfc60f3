import { OperationOutcomeError, validateResource, validateTypedValue } from '@medplum/core';
import type { OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { withoutExtended } from './withoutExtended.ts';

/**
 * Validates one resource, and what lies in it, by the definitions that are indexed.
 *
 * @param resource - Its type must be known to be one of R4.
 * @returns The first error, or what else was thrown; undefined if the resource is valid.
 */
export function findIssue(resource: Resource): OperationOutcomeIssue | Error | undefined {
  try {
    const { plain, extended } = withoutExtended(resource);
    validateResource(plain, OPTIONS);
    for (const value of extended) validateTypedValue({ type: 'Element', value }, OPTIONS);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof OperationOutcomeError)) return cause as Error;
    return cause.outcome.issue.find(
      (issue) =>
        issue.severity === 'error' && !isWrappedBase64(resource, issue) && !isLongNarrative(issue),
    );
  }
}

/** Sealed files have limits of their own, so an attachment may be of any size here. */
const OPTIONS = { base64BinaryMaxBytes: Number.MAX_SAFE_INTEGER };

/** R4 limits strings to 1 MB, but not a narrative's XHTML (https://hl7.org/fhir/R4/datatypes.html#primitive). */
function isLongNarrative({ details, expression }: OperationOutcomeIssue): boolean {
  return (
    details?.text === 'String cannot be larger than 1 MB' &&
    expression?.[0]?.endsWith('.div') === true
  );
}

/**
 * R4 lets white space stand in base64Binary (https://hl7.org/fhir/R4/datatypes.html#base64Binary), which line-wrapped
 * attachments have; the library's rule, which is that of R5, does not.
 */
function isWrappedBase64(
  resource: Resource,
  { details, expression }: OperationOutcomeIssue,
): boolean {
  if (details?.text !== 'Invalid base64Binary format') return false;
  let value: unknown = resource;
  for (const step of expression?.[0]?.match(/[^.[\]]+/g)?.slice(1) ?? []) {
    value = (value as Record<string, unknown> | undefined)?.[step];
  }
  if (typeof value !== 'string') return false;
  const text = value.replaceAll(/\s/g, '');
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
