import { isIP } from 'node:net';

/** Address of a PostgreSQL server and of a database there, without a password. */
export interface PostgresAddress {
  readonly user: string;
  /** Host name or address; the folder of a Unix socket if it begins with a slash. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** True if the server's certificate and name are verified; else the server is on this machine. */
  readonly tls: boolean;
  /** File with the certificates that may have signed the server's; those of the system if absent. */
  readonly ca?: string;
}

/** The setting as a pattern: a user, no password, a host, a database. */
export const POSTGRES_URL =
  '^postgres://[A-Za-z0-9_.%-]{1,63}@[A-Za-z0-9.:\\[\\]-]{0,253}/[A-Za-z0-9_.-]{1,63}(?:\\?[A-Za-z0-9=&/._-]{1,1024})?$';

const PORT = 5432;
const PARAMETERS: ReadonlySet<string> = new Set(['host', 'sslmode', 'sslrootcert']);

/**
 * Parses the address of a database.
 *
 * @param text - Such as `postgres://medseal@db.example.org/medseal?sslrootcert=/etc/medseal/ca.pem`, or
 * `postgres://medseal@/medseal?host=/run/postgresql`. A server that is not on this machine is reached by TLS alone.
 * @throws RangeError with the reason, in words that begin with `it`.
 */
export function parsePostgresAddress(text: string): PostgresAddress {
  if (/^postgres(?:ql)?:\/\/[^/@]*:[^/]*@/.test(text)) {
    throw new RangeError('it must not contain a password: name a file with it');
  }
  if (!new RegExp(POSTGRES_URL, 'u').test(text)) {
    throw new RangeError('it must be like postgres://user@host:port/database');
  }
  // URL takes no empty host of this kind.
  const url = new URL(text.replace(/^postgres:/, 'http:').replace('@/', '@socket/'));
  const parameters = url.searchParams;
  for (const name of parameters.keys()) {
    if (!PARAMETERS.has(name)) throw new RangeError(`it has an unknown parameter: ${name}`);
  }
  const named = text.includes('@/') ? undefined : url.hostname.replace(/^\[|\]$/g, '');
  const host = parameters.get('host') ?? named;
  if (host === undefined) throw new RangeError('it names no host');
  const isHere = host.startsWith('/') || isLoopback(host);
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
  if (mode === 'verify-full' && host.startsWith('/')) {
    throw new RangeError('a Unix socket has no TLS: its sslmode must be disable');
  }
  return {
    user: decodeURIComponent(url.username),
    host,
    port: url.port === '' ? PORT : Number(url.port),
    database: url.pathname.slice(1),
    tls: mode === 'verify-full',
    ...(ca !== undefined && { ca }),
  };
}

/**
 * Describes a database for people, without its user.
 *
 * @param address - The address.
 */
export function showPostgresAddress({ host, port, database }: PostgresAddress): string {
  return `postgres://${isIP(host) === 6 ? `[${host}]` : host}:${port}/${database}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
