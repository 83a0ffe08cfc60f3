import type { JsonLimits } from '../../crypto/parseJsonBytes.ts';
import { jsonLimitsOf } from './jsonLimitsOf.ts';
import { HTTP_PROBLEM } from '../shapes/answerShapes.ts';

/** Limits of a problem that a node answers. */
export const PROBLEM_LIMITS: JsonLimits = jsonLimitsOf(HTTP_PROBLEM, 2 ** 18);
