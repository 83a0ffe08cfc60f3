import { isStream } from '../crypto/sealing/isStream.ts';
import { fromProblem } from '../errors/fromProblem.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { intercept, type StreamsOf } from '../services/intercept.ts';
import { jsonCopy } from './jsonCopy.ts';

/**
 * The transport between services of one process: it copies every value, error and stream, and passes on only what a
 * network could carry, so that the services share nothing.
 *
 * @param port - The service at the other end; all its members are methods.
 * @param streams - Its methods that answer with a stream.
 * @returns The same port, to be called from this end.
 */
export function loopback<Port extends object>(port: Port, streams: StreamsOf<Port>): Port {
  return intercept(port, { streams, methodsOnly: true }, ({ values, answers }, next): unknown => {
    try {
      const result = next(values.map(copy));
      if (answers === 'stream') return copyStream(result as AsyncIterable<Uint8Array>);
      return Promise.resolve(result).then(copy).catch(fail);
    } catch (error) {
      return fail(error);
    }
  });
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
