import type { Client } from 'pg';
import { MedsealError } from '../../errors/MedsealError.ts';
import { answersWithin } from './answersWithin.ts';
import type { PostgresServer } from './PostgresAddress.ts';

/** Servers of a cluster, and how they are reached. */
export interface Cluster {
  readonly servers: readonly [PostgresServer, ...PostgresServer[]];
  /** Description of the database, for messages. */
  readonly at: string;
  /** Makes a connection to a server, which is not open yet. */
  readonly clientOf: (server: PostgresServer) => Client;
}

/** A connection to the server that takes writes. */
export interface WriterConnected {
  readonly client: Client;
  readonly server: PostgresServer;
  /**
   * Requires that it is still the server to write to: another one may have been promoted during a wait.
   * @throws MedsealError `DATABASE_UNREACHABLE`; `DATABASE_UNUSABLE` as `connectWriter` does.
   */
  confirm(): Promise<void>;
}

/** Longest wait for a server of several, milliseconds: one that has no power answers nothing. */
const PATIENCE = 3000;
/** Longest wait for the end of a connection, milliseconds. */
const END = 500;
/**
 * Number that grows each time that a standby becomes the server that takes writes, as eight hexadecimal digits: the names of the files of
 * writes begin with it. A standby cannot tell it.
 */
export const TIMELINE = 'substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)';
/** The same, and nothing at a standby. */
const WRITES_ON = `SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE ${TIMELINE} END`;

/**
 * Connects to the one server of a cluster that takes writes. After a standby was promoted, the server of before may come back and
 * take writes too: the one that was promoted last is chosen among those that answer.
 *
 * @param cluster - The servers.
 * @throws MedsealError `DATABASE_UNREACHABLE` if none takes writes; `DATABASE_UNUSABLE` if two do and neither was promoted
 * after the other; of one server, what its connection throws.
 */
export async function connectWriter(cluster: Cluster): Promise<WriterConnected> {
  const { servers, at, clientOf } = cluster;
  const [only, ...others] = servers;
  if (others.length === 0) {
    const client = clientOf(only);
    try {
      await client.connect();
    } catch (error) {
      await endClient(client);
      throw error;
    }
    return { client, server: only, confirm: async () => await Promise.resolve() };
  }
  const answering = await askAll(servers, clientOf);
  const [newest, next] = answering
    .filter(({ timeline }) => timeline !== '')
    .toSorted((a, b) => (a.timeline < b.timeline ? 1 : -1));
  const isOne = newest !== undefined && newest.timeline !== next?.timeline;
  await Promise.all(
    answering.map(async ({ client }) => {
      if (!isOne || client !== newest.client) await endClient(client);
    }),
  );
  if (newest === undefined) {
    const reason =
      answering.length > 0 ? 'each server that answers is a standby' : 'no server answers';
    throw new MedsealError('DATABASE_UNREACHABLE', { at, reason });
  }
  if (!isOne) throw unclear(at);
  return { ...newest, confirm: async () => await confirm(cluster, newest) };
}

/** Asks the other servers again if one was promoted. */
async function confirm({ servers, at, clientOf }: Cluster, own: Answering): Promise<void> {
  const others = servers.filter((server) => server !== own.server);
  const answering = await askAll(others, clientOf);
  await Promise.all(answering.map(async ({ client }) => await endClient(client)));
  if (answering.some(({ timeline }) => timeline === own.timeline)) throw unclear(at);
  if (answering.some(({ timeline }) => timeline > own.timeline)) {
    const reason = 'another server was promoted meanwhile';
    throw new MedsealError('DATABASE_UNREACHABLE', { at, reason });
  }
}

/** A server that answers, with its timeline; an empty one at a standby. */
interface Answering {
  readonly client: Client;
  readonly server: PostgresServer;
  readonly timeline: string;
}

/** Connects to servers side by side, and returns those that answer. */
async function askAll(
  servers: readonly PostgresServer[],
  clientOf: Cluster['clientOf'],
): Promise<readonly Answering[]> {
  const asked = await Promise.all(
    servers.map(async (server) => await ask(clientOf(server), server)),
  );
  return asked.flatMap((each) => each ?? []);
}

/** Returns undefined, with the connection ended, if the server refuses or does not answer in time. */
async function ask(client: Client, server: PostgresServer): Promise<Answering | undefined> {
  const asking = (async () => {
    await client.connect();
    const { rows } = await client.query<[string | null]>({ text: WRITES_ON, rowMode: 'array' });
    return { client, server, timeline: rows[0]?.[0] ?? '' };
  })();
  if (await answersWithin(PATIENCE, asking).catch(() => false)) return await asking;
  await endClient(client);
  return undefined;
}

/**
 * Ends a connection, also one whose server does not answer.
 *
 * @param client - The connection.
 */
export async function endClient(client: Client): Promise<void> {
  await answersWithin(END, client.end()).catch(() => false);
  const { connection } = client as unknown as { readonly connection: Connection };
  connection.stream.destroy();
}

/** Part of a connection that its types leave out. */
interface Connection {
  readonly stream: { destroy(): void };
}

function unclear(at: string): MedsealError {
  const reason = 'two servers take writes, and neither was promoted after the other';
  return new MedsealError('DATABASE_UNUSABLE', { at, reason });
}
