import { writeFhirJson } from './writeFhirJson.ts';

/**
 * A value as JSON that is the same for the same content: canonical as RFC 8785 has it, but for numbers, which are written
 * as they were written, because `4.2` and `4.20` are two measurements. In this form parts are sealed and compared.
 *
 * @param value - A value that JSON can carry.
 * @throws MedsealError `REQUEST_MALFORMED` for what it cannot.
 */
export function exactJson(value: unknown): string {
  return writeFhirJson(value, { sorted: true });
}
