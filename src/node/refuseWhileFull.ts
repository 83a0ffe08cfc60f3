import type { MedsealError } from '../errors/MedsealError.ts';
import { wrapMethods } from '../services/wrapMethods.ts';

/**
 * Wraps a service so that it begins nothing new while there is no room on the disk: the named methods fail, and content
 * that streams into them ends with the same failure if the disk fills up meanwhile.
 *
 * @param service - The service.
 * @param full - Returns the error to throw while the disk is full; undefined while there is room.
 * @param methods - The methods that take up room.
 */
export function refuseWhileFull<Service extends object>(
  service: Service,
  full: () => MedsealError | undefined,
  methods: readonly (keyof Service)[],
): Service {
  return wrapMethods(service, (name, method) => {
    if (!methods.includes(name)) return method;
    return (...values) => {
      const reason = full();
      if (reason !== undefined) return Promise.reject(reason);
      return method(...values.map((value) => (isStream(value) ? whileRoom(value, full) : value)));
    };
  });
}

/** Passes a stream on, and fails once there is no room any more. */
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
