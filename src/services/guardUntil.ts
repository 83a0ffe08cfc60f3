import type { MedsealError } from '../errors/MedsealError.ts';

type Method = (...values: readonly unknown[]) => unknown;

/**
 * The same service, of which most methods fail until something is done.
 *
 * @param service - The service.
 * @param failure - Why they fail; undefined once they do not.
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
  return new Proxy(service, {
    get(_, name) {
      const member: unknown = Reflect.get(service, name, service);
      if (typeof member !== 'function') return member;
      const method: Method = (...values) => Reflect.apply(member as Method, service, values);
      if (methods.open.includes(name as keyof Service)) return method;
      const streams = methods.streams?.includes(name as keyof Service) === true;
      return (...values: readonly unknown[]) => {
        const reason = failure();
        if (reason === undefined) return method(...values);
        return streams ? failing(reason) : Promise.reject(reason);
      };
    },
  });
}

/** A stream that fails when it is read. */
function failing(reason: MedsealError): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: async () => await Promise.reject(reason) }) };
}
