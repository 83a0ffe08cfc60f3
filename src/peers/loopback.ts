import { fromProblem } from '../errors/fromProblem.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { jsonCopy } from './jsonCopy.ts';

type Method = (...values: readonly unknown[]) => unknown;

/**
 * The transport between services of one process: it copies every value, error and stream, and passes on only what a
 * network could carry, so that the services share nothing.
 *
 * @param port - The service at the other end; all its members are methods.
 * @returns The same port, to be called from this end.
 */
export function loopback<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return undefined;
      return (...values: readonly unknown[]) => cross(target, method as Method, values);
    },
  });
}

function cross(target: object, method: Method, values: readonly unknown[]): unknown {
  try {
    const result = Reflect.apply(method, target, values.map(copy));
    if (isStream(result)) return copyStream(result);
    return Promise.resolve(result).then(copy).catch(fail);
  } catch (error) {
    return fail(error);
  }
}

function copy(value: unknown): unknown {
  return isStream(value) ? copyStream(value) : jsonCopy(value);
}

function fail(error: unknown): never {
  throw fromProblem(copy(toMedsealError(error).toProblem()));
}

async function* copyStream(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of stream) yield part.slice();
  } catch (error) {
    fail(error);
  }
}

function isStream(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
