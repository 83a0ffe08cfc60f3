import { isIP } from 'node:net';

/** A PostgreSQL server. */
export interface PostgresServer {
  /** Host name or address; the folder of a Unix socket if it begins with a slash. */
  readonly host: string;
  readonly port: number;
}

/** Address of a database at one PostgreSQL server, or at several of which one takes writes, without a password. */
export interface PostgresAddress {
  readonly user: string;
  readonly servers: readonly [PostgresServer, ...PostgresServer[]];
  readonly database: string;
  /** True if a server's certificate and name are verified; else the servers are on this machine. */
  readonly tls: boolean;
  /** File with the certificates that may have signed the servers'; those of the system if absent. */
  readonly ca?: string;
}

/** The setting as a pattern: a user, no password, hosts, a database. */
export const POSTGRES_URL =
  '^postgres://[A-Za-z0-9_.%-]{1,63}@[A-Za-z0-9.,:\\[\\]-]{0,1024}/[A-Za-z0-9_.-]{1,63}(?:\\?[A-Za-z0-9=&/.,_-]{1,1024})?$';

/** The most servers of an address. */
const MOST_SERVERS = 8;
const PORT = 5432;
const PARAMETERS: ReadonlySet<string> = new Set(['host', 'sslmode', 'sslrootcert']);

/**
 * Parses the address of a database.
 *
 * @param text - Such as `postgres://medseal@db.example.org/medseal?sslrootcert=/etc/medseal/ca.pem`, or
 * `postgres://medseal@/medseal?host=/run/postgresql`; several hosts with commas between them are servers of one cluster. A server
 * that is not on this machine is reached by TLS alone.
 * @throws RangeError with the reason, in words that begin with `it`.
 */
export function parsePostgresAddress(text: string): PostgresAddress {
  if (/^postgres(?:ql)?:\/\/[^/@]*:[^/]*@/.test(text)) {
    throw new RangeError('it must not contain a password: name a file with it');
  }
  if (!new RegExp(POSTGRES_URL, 'u').test(text)) {
    throw new RangeError('it must be like postgres://user@host:port/database');
  }
  const [, user = '', hosts = '', rest = ''] =
    /^postgres:\/\/([^@]*)@([^/]*)(\/.*)$/.exec(text) ?? [];
  const { pathname, searchParams: parameters } = new URL(`http://hosts${rest}`);
  for (const name of parameters.keys()) {
    if (!PARAMETERS.has(name)) throw new RangeError(`it has an unknown parameter: ${name}`);
  }
  const [first, ...others] = serversIn(hosts, parameters.get('host') ?? undefined);
  if (first === undefined) throw new RangeError('it names no host');
  const servers = [first, ...others] as const;
  if (new Set(servers.map(({ host, port }) => `${host} ${port}`)).size < servers.length) {
    throw new RangeError('it names a server twice');
  }
  if (servers.length > MOST_SERVERS) {
    throw new RangeError(`it names more than ${MOST_SERVERS} servers`);
  }
  const isHere = servers.every(({ host }) => host.startsWith('/') || isLoopback(host));
  const mode = parameters.get('sslmode') ?? (isHere ? 'disable' : 'verify-full');
  const ca = parameters.get('sslrootcert') ?? undefined;
  if (mode !== 'verify-full' && mode !== 'disable') {
    throw new RangeError(
      'its sslmode must be verify-full, or disable for a server on this machine',
    );
  }
  if (mode === 'disable' && !isHere) {
    throw new RangeError('its server is not on this machine, so its sslmode must be verify-full');
  }
  if (mode === 'verify-full' && servers.some(({ host }) => host.startsWith('/'))) {
    throw new RangeError('a Unix socket has no TLS: its sslmode must be disable');
  }
  return {
    user: decodeURIComponent(user),
    servers,
    database: pathname.slice(1),
    tls: mode === 'verify-full',
    ...(ca !== undefined && { ca }),
  };
}

/**
 * Describes a database for people, without its user.
 *
 * @param address - The address.
 */
export function showPostgresAddress({ servers, database }: PostgresAddress): string {
  const hosts = servers.map(({ host, port }) => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
  return `postgres://${hosts.join(',')}/${database}`;
}

/** The servers that a URL names as its hosts, or else by its parameter. */
function serversIn(hosts: string, parameter: string | undefined): readonly PostgresServer[] {
  if (hosts === '') {
    const named = parameter?.split(',').filter((host) => host !== '') ?? [];
    return named.map((host) => ({ host, port: PORT }));
  }
  return hosts.split(',').map((each) => {
    const at = URL.canParse(`http://${each}`) ? new URL(`http://${each}`) : undefined;
    if (each === '' || at === undefined) throw new RangeError('it has a host that cannot be read');
    // The port of http is one that a URL drops.
    const port = /:0*80$/.test(each) ? 80 : Number(at.port === '' ? PORT : at.port);
    return { host: parameter ?? at.hostname.replace(/^\[|\]$/g, ''), port };
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
