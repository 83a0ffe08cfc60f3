/** A method of a service, whatever it takes and gives. */
export type Method = (...values: readonly unknown[]) => unknown;

/**
 * The same service with its methods changed; what is no method stays as it is.
 *
 * @param service - The service; each method is looked up anew, and called on it.
 * @param wrap - Gives what stands in a method's place.
 */
export function wrapMethods<Service extends object>(
  service: Service,
  wrap: (name: keyof Service, method: Method) => Method,
): Service {
  return new Proxy(service, {
    get(_, name) {
      const member: unknown = Reflect.get(service, name, service);
      if (typeof member !== 'function') return member;
      const method: Method = (...values) => Reflect.apply(member as Method, service, values);
      return wrap(name as keyof Service, method);
    },
  });
}
