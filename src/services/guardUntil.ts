import type { MedsealError } from '../errors/MedsealError.ts';
import { wrapMethods } from './wrapMethods.ts';

/**
 * The same service, most of whose methods fail until something is done.
 *
 * @param service - The service.
 * @param failure - Reason for which they fail; undefined once they do not.
 * @param methods - `open`: those that never fail for it; `streams`: those that answer with a stream.
 */
export function guardUntil<Service extends object>(
  service: Service,
  failure: () => MedsealError | undefined,
  methods: {
    readonly open: readonly (keyof Service)[];
    readonly streams?: readonly (keyof Service)[];
  },
): Service {
  return wrapMethods(service, (name, method) => {
    if (methods.open.includes(name)) return method;
    const streams = methods.streams?.includes(name) === true;
    return (...values) => {
      const reason = failure();
      if (reason === undefined) return method(...values);
      return streams ? failing(reason) : Promise.reject(reason);
    };
  });
}

/** A stream that fails when it is read. */
function failing(reason: MedsealError): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: async () => await Promise.reject(reason) }) };
}
