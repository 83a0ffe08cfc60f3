import type { JsonLimits } from '../../../crypto/parseJsonBytes.ts';

/**
 * How much may be made of the JSON that a door takes. A full list of submissions has some 100,000 values, and a few hundred
 * names of fields; what is at these limits is read in less than 100 ms.
 */
export const REQUEST_JSON_LIMITS: JsonLimits = { values: 2 ** 18, names: 1024 };
