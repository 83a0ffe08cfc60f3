import { interceptMethod, type AnyMethod, type Step } from './interceptMethod.ts';

/** The methods of a service that answer with a stream: each must be named, and no other can be. */
export type StreamsOf<Service> = {
  readonly [
    Name in keyof Service as Service[Name] extends (...values: never[]) => AsyncIterable<unknown>
      ? Name
      : never
  ]: true;
};

/** Facts about a service that `intercept` needs. */
export interface Interception<Service> {
  /** Its methods that answer with a stream. */
  readonly streams: StreamsOf<Service>;
  /** True if the properties that are not methods are hidden; else they stay as they are. */
  readonly methodsOnly?: true;
}

/**
 * The same service with one step before each of its methods, run once for each call.
 *
 * @param service - The service; each method is looked up again with each call, and called on it.
 * @param how - Its streams.
 * @param step - Goes on with `next`, or answers or throws itself.
 */
export function intercept<Service extends object>(
  service: Service,
  how: Interception<Service>,
  step: Step<keyof Service>,
): Service {
  return new Proxy(service, {
    get(_, name) {
      const member: unknown = Reflect.get(service, name, service);
      if (typeof member !== 'function') return how.methodsOnly ? undefined : member;
      const method: AnyMethod = (...values) => Reflect.apply(member as AnyMethod, service, values);
      const answers = Object.hasOwn(how.streams, name) ? 'stream' : 'value';
      return interceptMethod({ name: name as keyof Service, answers }, method, step);
    },
  });
}
