import type { JsonLimits } from '../../crypto/parseJsonBytes.ts';

/**
 * Limits on the JSON that a server takes. A full list of submissions has some 100,000 values, and a few hundred names of
 * fields; JSON at these limits is parsed in less than 100 ms.
 */
export const REQUEST_JSON_LIMITS: JsonLimits = { values: 2 ** 18, names: 1024 };
