/** A method of a service, whatever it takes and gives. */
export type AnyMethod = (...values: readonly unknown[]) => unknown;

/**
 * The same service with its methods changed; other properties stay as they are.
 *
 * @param service - The service; each method is looked up again, and called on it.
 * @param wrap - Gives what stands in a method's place.
 */
export function wrapMethods<Service extends object>(
  service: Service,
  wrap: (name: keyof Service, method: AnyMethod) => AnyMethod,
): Service {
  return new Proxy(service, {
    get(_, name) {
      const member: unknown = Reflect.get(service, name, service);
      if (typeof member !== 'function') return member;
      const method: AnyMethod = (...values) => Reflect.apply(member as AnyMethod, service, values);
      return wrap(name as keyof Service, method);
    },
  });
}
