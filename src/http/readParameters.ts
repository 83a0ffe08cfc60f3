import { MedsealError } from '../errors/MedsealError.ts';
import type { Parameter } from '../protocol/operations/parameters.ts';

/**
 * Reads the parameters of a request.
 *
 * @param parameters - The parameters to read.
 * @param textOf - The text of a parameter, by name and place.
 * @throws MedsealError `REQUEST_MALFORMED` naming the malformed one.
 */
export function readParameters(
  parameters: Readonly<Record<string, Parameter>>,
  textOf: (name: string, place: Parameter['in']) => string | undefined,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const text = textOf(name, parameter.in);
      if (text === undefined && 'otherwise' in parameter) return [name, parameter.otherwise];
      if (text === undefined || !parameter.form.test(text)) {
        throw new MedsealError('REQUEST_MALFORMED', { what: `the parameter ${name}` });
      }
      return [name, parameter.read(text)];
    }),
  );
}
