/** Push services of the vendors of browsers: Chrome and what is made of it, Firefox, Safari, Edge. */
export const PUBLIC_PUSH_SERVICES: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  'web.push.apple.com',
  '*.notify.windows.com',
];

/** A push service in a configuration: a host, all hosts under a name, or one at a port of this machine without TLS. */
export const PUSH_SERVICE =
  '^(?:(?:\\*\\.)?(?:[a-z0-9-]{1,63}\\.){1,8}[a-z]{2,63}|http://127\\.0\\.0\\.1:[0-9]{1,5})$';

/** Characters of the longest address of a browser at a push service. */
const LONGEST = 1024;

/**
 * Tells whether a node may push to an address: at a host of the list by TLS at its usual port, or at a port of this machine that
 * the list names.
 *
 * @param services - The push services of the configuration.
 * @param endpoint - Not trusted.
 */
export function allowsPush(services: readonly string[], endpoint: string): boolean {
  if (endpoint.length > LONGEST || !URL.canParse(endpoint)) return false;
  const { origin, protocol, host, hostname, username, password, hash, href } = new URL(endpoint);
  // Only the one spelling of an address is taken, so that nobody reads another one in it.
  if (href !== endpoint || username !== '' || password !== '' || hash !== '') return false;
  return services.some((service) => {
    if (service.startsWith('http://')) return origin === service;
    if (protocol !== 'https:' || host !== hostname) return false;
    return service.startsWith('*.') ? host.endsWith(service.slice(1)) : host === service;
  });
}
