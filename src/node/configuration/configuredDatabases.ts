import type { Random } from '../../crypto/Random.ts';
import { parsePostgresAddress } from '../../database/postgres/PostgresAddress.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { databasesInPostgres, type PostgresSettings } from '../databases/databasesInPostgres.ts';
import { databasesInFolder, type OpenDatabases } from '../databases/OpenDatabases.ts';
import type { DatabaseSettings } from './Configuration.ts';

/**
 * Reads the settings of where an organisation's stores are.
 *
 * @param settings - The settings.
 * @param ports - Random bytes.
 * @throws MedsealError `CONFIGURATION_INVALID`.
 */
export function configuredDatabases(
  settings: DatabaseSettings,
  ports: { readonly random: Random },
): OpenDatabases {
  const { url } = settings;
  if (url === undefined) return databasesInFolder;
  return databasesInPostgres(postgresSettings(url, settings), ports.random);
}

/**
 * Parses the settings of a PostgreSQL server.
 *
 * @param url - As in `database.url`.
 * @param settings - The other settings of `database`.
 * @throws MedsealError `CONFIGURATION_INVALID`.
 */
export function postgresSettings(
  url: string,
  { password: passwordFile, lease, secrets }: Omit<DatabaseSettings, 'url'>,
): PostgresSettings {
  try {
    const address = parsePostgresAddress(url);
    return {
      address,
      ...(passwordFile !== undefined && { passwordFile }),
      ...(lease !== undefined && { lease: lease * 1000 }),
      ...(secrets !== undefined && { secrets }),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    const at = { key: 'database.url', source: 'the configuration', reason };
    throw new MedsealError('CONFIGURATION_INVALID', at, { cause });
  }
}
