/** A method of a service, whatever it takes and gives. */
export type AnyMethod = (...values: readonly unknown[]) => unknown;

/** A method, and how it answers: `parts` is a stream each of whose parts counts as an answer. */
export interface InterceptedMethod<Name> {
  readonly name: Name;
  readonly answers: 'value' | 'stream' | 'parts';
}

/** A call on its way to a service. */
export interface InterceptedCall<Name> extends InterceptedMethod<Name> {
  /** Arguments of the call. */
  readonly values: readonly unknown[];
  /** Number of parts of the stream that came before this one; 0 if the step runs once for the call. */
  readonly place: number;
}

/**
 * Stands between a caller and a method, and returns the answer; `next` calls the method, with other values if some are
 * given. For a part of a stream, `next` gives the part, and undefined at the end, and so does the step.
 */
export type Step<Name> = (
  call: InterceptedCall<Name>,
  next: (values?: readonly unknown[]) => unknown,
) => unknown;

/**
 * The same method with a step before it, that runs once for a call, or for each part of a stream.
 *
 * @param of - The method's name, and how it answers.
 * @param method - The method.
 * @param step - Its error is thrown at once if the method answers with a stream; otherwise the error rejects the answer,
 * or fails the reading if the step runs for parts.
 */
export function interceptMethod<Name>(
  of: InterceptedMethod<Name>,
  method: AnyMethod,
  step: Step<Name>,
): AnyMethod {
  if (of.answers === 'parts') return (...values) => parts(of, values, method, step);
  return (...values) => {
    try {
      return step({ ...of, values, place: 0 }, (changed = values) => method(...changed));
    } catch (error) {
      if (of.answers === 'stream') throw error;
      return Promise.reject(error);
    }
  };
}

/** The stream is opened by the step for its first part. */
async function* parts<Name>(
  of: InterceptedMethod<Name>,
  values: readonly unknown[],
  method: AnyMethod,
  step: Step<Name>,
): AsyncGenerator {
  let stream: AsyncIterator<unknown> | undefined;
  try {
    for (let place = 0; ; place++) {
      const part: unknown = await step({ ...of, values, place }, async (changed = values) => {
        stream ??= (method(...changed) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
        const { done, value } = await stream.next();
        return done === true ? undefined : value;
      });
      if (part === undefined) return;
      yield part;
    }
  } finally {
    await stream?.return?.();
  }
}
