/**
 * A port that is looked up with each call, for services that come up one after another and may be replaced.
 *
 * @param find - Finds the port; what it throws, the call throws.
 */
export function lazily<Port extends object>(find: () => Port): Port {
  return new Proxy({} as Port, {
    get: (_, name) => {
      const port = find();
      const member: unknown = Reflect.get(port, name, port);
      return typeof member === 'function' ? member.bind(port) : member;
    },
  });
}
