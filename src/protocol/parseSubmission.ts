import { MedsealError } from '../errors/MedsealError.ts';
import type { Submission } from './AgentPort.ts';
import { findShapeError, Named, type Shape } from './findShapeError.ts';
import { SUBMISSION } from './shapes/askedShapes.ts';

/** Shape of the unsigned data; the request itself is parsed once its kind is known. */
const AROUND = new Named(SUBMISSION.name, {
  ...(SUBMISSION.shape as Readonly<Record<string, Shape>>),
  request: 'any',
});

/**
 * Parses a submission from outside: a request, which `parseSigned` parses, and its unsigned data, in exactly its form.
 *
 * @param value - Value, decoded from JSON, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` naming the malformed part.
 */
export function parseSubmission(value: unknown): Submission {
  const misfit = findShapeError(AROUND, value, 'submission');
  if (misfit !== undefined) throw new MedsealError('REQUEST_MALFORMED', { what: misfit });
  return value as Submission;
}
