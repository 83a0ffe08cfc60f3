import { readFile, stat } from 'node:fs/promises';
import type { ClientConfig } from 'pg';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { PostgresAddress, PostgresServer } from './PostgresAddress.ts';

/** Longest wait for a connection, milliseconds. */
const CONNECT_PATIENCE = 10_000;
/** Settings of each connection. A server that tells no warnings would hide that a standby was not waited for. */
const SETTINGS = '-c bytea_output=hex -c client_min_messages=warning';

/**
 * Returns the settings of connections, with their password and the certificates that they trust.
 *
 * @param options.address - The servers and the database.
 * @param options.passwordFile - File with the password; `PGPASSFILE` or `~/.pgpass` is asked if absent.
 * @returns Settings of a connection to a server.
 * @throws MedsealError `CONFIGURATION_INVALID` if a file cannot be read, or others can read the password.
 */
export async function connectionOf({
  address,
  passwordFile,
}: {
  readonly address: PostgresAddress;
  readonly passwordFile?: string;
}): Promise<(server: PostgresServer) => ClientConfig> {
  const { user, database, tls, ca } = address;
  const password = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  const certificates =
    ca === undefined
      ? undefined
      : await readFile(ca, 'utf8').catch((cause: unknown) => {
          throw invalid('database.url', ca, 'it cannot be read', cause);
        });
  return ({ host, port }) => ({
    user,
    host,
    port,
    database,
    ...(password !== undefined && { password }),
    // The certificate and the name in it are verified.
    ssl: tls ? { ...(certificates !== undefined && { ca: certificates }) } : false,
    application_name: 'medseal',
    options: SETTINGS,
    connectionTimeoutMillis: CONNECT_PATIENCE,
    keepAlive: true,
  });
}

/** Others on this machine must not be able to read it. */
async function readPassword(path: string): Promise<string> {
  const unreadable = (cause: unknown): never => {
    throw invalid('database.password', path, 'it cannot be read', cause);
  };
  const { mode } = await stat(path).catch(unreadable);
  if ((mode & 0o077) !== 0) {
    throw invalid('database.password', path, 'others on this machine can read it: chmod 600');
  }
  return (await readFile(path, 'utf8').catch(unreadable)).replace(/\r?\n$/, '');
}

function invalid(key: string, source: string, reason: string, cause?: unknown): MedsealError {
  return new MedsealError('CONFIGURATION_INVALID', { key, source, reason }, { cause });
}
