import { MedsealError } from '../../errors/MedsealError.ts';
import type { Submission } from '../AgentPort.ts';
import { Named } from './findShapeError.ts';
import { parseShape } from './parseShape.ts';
import { SUBMISSION } from '../shapes/askedShapes.ts';

/** Shape of the unsigned data; the request itself is parsed once its kind is known. */
const AROUND = new Named(SUBMISSION.name, { ...SUBMISSION.shape, request: 'any' });

/**
 * Parses a submission from outside: a request, which `parseSigned` parses, and its unsigned data, in exactly its form.
 *
 * @param value - Value, decoded from JSON, not trusted.
 * @throws MedsealError `REQUEST_MALFORMED` naming the malformed part.
 */
export function parseSubmission(value: unknown): Submission {
  const around = parseShape(
    AROUND,
    value,
    'submission',
    (what) => new MedsealError('REQUEST_MALFORMED', { what }),
  );
  return around as Submission;
}
