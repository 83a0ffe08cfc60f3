import { MedsealError } from '../errors/MedsealError.ts';
import type { Submission } from './AgentPort.ts';
import { findShapeError, Named, type Shape } from './findShapeError.ts';
import { SUBMISSION } from './shapes/askedShapes.ts';

/** The request itself is looked at once it is known of which kind it may be. */
const AROUND = new Named(SUBMISSION.name, {
  ...(SUBMISSION.shape as Readonly<Record<string, Shape>>),
  request: 'any',
});

/**
 * Takes a submission from outside: a request, which `parseSigned` looks at, and what goes along, exactly of its form.
 *
 * @param value - What was decoded from JSON, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` naming what is not of its form.
 */
export function parseSubmission(value: unknown): Submission {
  const misfit = findShapeError(AROUND, value, 'submission');
  if (misfit !== undefined) throw new MedsealError('REQUEST_MALFORMED', { what: misfit });
  return value as Submission;
}
