import type { Client } from 'pg';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { PostgresServer } from './PostgresAddress.ts';

/** A connection to the server that takes writes. */
export interface WriterConnected {
  readonly client: Client;
  readonly server: PostgresServer;
}

/**
 * Number that grows each time that a standby becomes the server that takes writes, as eight hexadecimal digits; nothing at a standby.
 * The names of the files of writes begin with it.
 */
const TIMELINE = `SELECT CASE WHEN pg_is_in_recovery() THEN NULL
  ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END`;

/**
 * Connects to the one server of a cluster that takes writes. After a standby was promoted, the server of before may come back and
 * take writes too: the one that was promoted last is chosen among those that answer.
 *
 * @param servers - The servers.
 * @param options.at - Description of the database, for messages.
 * @param options.clientOf - Makes a connection to a server, which is not open yet.
 * @throws MedsealError `DATABASE_UNREACHABLE` if none takes writes; of one server, what its connection throws.
 */
export async function connectWriter(
  servers: readonly [PostgresServer, ...PostgresServer[]],
  { at, clientOf }: { readonly at: string; readonly clientOf: (server: PostgresServer) => Client },
): Promise<WriterConnected> {
  const [only, ...others] = servers;
  if (others.length === 0) {
    const client = clientOf(only);
    await connected(client);
    return { client, server: only };
  }
  const asked = await Promise.allSettled(
    servers.map(async (server) => {
      const client = clientOf(server);
      await connected(client);
      const { rows } = await endedIfItFails(client, async () => {
        return await client.query<[string | null]>({ text: TIMELINE, rowMode: 'array' });
      });
      return { client, server, timeline: rows[0]?.[0] ?? undefined };
    }),
  );
  const answering = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const writers = answering.flatMap(({ timeline = '', ...each }) =>
    timeline === '' ? [] : [{ ...each, timeline }],
  );
  const [newest] = writers.toSorted((a, b) => (a.timeline < b.timeline ? 1 : -1));
  for (const { client } of answering) {
    if (client !== newest?.client) await client.end().catch(() => undefined);
  }
  if (newest !== undefined) return newest;
  const [failed] = asked.flatMap((each) =>
    each.status === 'rejected' ? [each.reason as unknown] : [],
  );
  const reason =
    answering.length > 0 ? 'each server that answers is a standby' : 'no server answers';
  throw new MedsealError('DATABASE_UNREACHABLE', { at, reason }, { cause: failed });
}

async function connected(client: Client): Promise<void> {
  await endedIfItFails(client, async () => await client.connect());
}

/** Ends the connection if work with it fails. */
async function endedIfItFails<Result>(
  client: Client,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}
