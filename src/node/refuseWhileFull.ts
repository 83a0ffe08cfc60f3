import type { MedsealError } from '../errors/MedsealError.ts';

type Method = (...values: readonly unknown[]) => unknown;

/**
 * The same service, which begins nothing new while there is no room on the disk: the methods that are named fail, and
 * content that streams into them ends with the same failure where the room goes meanwhile.
 *
 * @param service - The service.
 * @param full - Why it begins nothing new; undefined while there is room.
 * @param methods - Those that take up room.
 */
export function refuseWhileFull<Service extends object>(
  service: Service,
  full: () => MedsealError | undefined,
  methods: readonly (keyof Service)[],
): Service {
  return new Proxy(service, {
    get(_, name) {
      const member: unknown = Reflect.get(service, name, service);
      if (typeof member !== 'function') return member;
      const method: Method = (...values) => Reflect.apply(member as Method, service, values);
      if (!methods.includes(name as keyof Service)) return method;
      return (...values: readonly unknown[]) => {
        const reason = full();
        if (reason !== undefined) return Promise.reject(reason);
        return method(...values.map((value) => (isStream(value) ? whileRoom(value, full) : value)));
      };
    },
  });
}

/** A stream that fails where there is no room any more. */
async function* whileRoom(
  content: AsyncIterable<unknown>,
  full: () => MedsealError | undefined,
): AsyncGenerator {
  for await (const piece of content) {
    const reason = full();
    if (reason !== undefined) throw reason;
    yield piece;
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
