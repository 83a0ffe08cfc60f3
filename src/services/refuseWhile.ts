import type { MedsealError } from '../errors/MedsealError.ts';
import { isStream } from '../crypto/sealing/isStream.ts';
import { intercept, type StreamsOf } from './intercept.ts';

/** The calls that `refuseWhile` refuses. */
export interface Refusing<Service> {
  /** The service's methods that answer with a stream: one that is refused fails when it is read. */
  readonly streams: StreamsOf<Service>;
  /** Tells whether a call is refused while there is a reason; the form of the values is not trusted. */
  refuses(name: keyof Service, values: readonly unknown[]): boolean;
  /** True if content that streams into such a call ends with the reason too, if there comes to be one meanwhile. */
  readonly midway?: true;
}

/**
 * The same service, some of whose calls fail as long as there is a reason.
 *
 * @param service - The service.
 * @param reason - Returns the error to throw; undefined if calls go through.
 * @param which - The calls that fail.
 */
export function refuseWhile<Service extends object>(
  service: Service,
  reason: () => MedsealError | undefined,
  which: Refusing<Service>,
): Service {
  return intercept(service, which, ({ name, values, answers }, next) => {
    if (!which.refuses(name, values)) return next();
    const error = reason();
    if (error === undefined) {
      return which.midway ? next(values.map((value) => checked(value, reason))) : next();
    }
    if (answers === 'stream') return failing(error);
    throw error;
  });
}

/** Passes a stream on, and fails once there is a reason. */
function checked(value: unknown, reason: () => MedsealError | undefined): unknown {
  if (!isStream(value)) return value;
  return (async function* () {
    for await (const piece of value) {
      const error = reason();
      if (error !== undefined) throw error;
      yield piece;
    }
  })();
}

/** A stream that fails when it is read. */
function failing(reason: MedsealError): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: async () => await Promise.reject(reason) }) };
}
