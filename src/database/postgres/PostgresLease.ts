import type { Client } from 'pg';
import { MedsealError } from '../../errors/MedsealError.ts';
import { TIMELINE } from './connectWriter.ts';
import { quoted } from './statements.ts';

/** SQLSTATE that the fence raises. */
export const FENCED = 'MS001';
/** SQLSTATE of a lock that another session has for longer than the wait. */
const LOCK_TIMEOUT = '55P03';

/**
 * The number of the server's promotions, in the upper bits of a fence: a server of before that comes back never gives the fence of a
 * writer at the one that was promoted in its place.
 */
const PROMOTED = `(('x' || ${TIMELINE})::bit(32)::bigint << 40)`;

/** The folder whose stores are in a schema. */
export interface StoresFolder {
  readonly id: string;
  /** True if the schema may lack them. */
  readonly isNew: boolean;
}

/**
 * Makes a connection the one writer of a schema, which is made if it is absent: takes the advisory lock that ends with the
 * session, and counts the fence up. Every batch carries the fence (`hold`), so that a former writer that lost its session
 * and does not know it changes nothing.
 *
 * @param client - The writer's connection, straight to the server: a pooler would keep the lock for others.
 * @param schema - The schema.
 * @param options.at - Description of the database, for messages.
 * @param options.patience - Longest wait until another writer's session ends, milliseconds.
 * @param options.folder - The folder whose stores these are, and if the schema may lack them; anybody's if absent.
 * @param options.turn - Resolves once the connection has the lock, if it is to wait as long as that takes.
 * @param options.confirm - Throws if this is not the server to write to any more, asked once the connection has the lock.
 * @returns The fence.
 * @throws MedsealError `DATABASE_LOCKED` if another session writes; `DATABASE_UNUSABLE` if the server promises less than
 * a durable write, or has another folder's stores, or lost those of this one.
 */
export async function takeLease(
  client: Client,
  schema: string,
  {
    at,
    patience,
    folder,
    turn,
    confirm,
  }: {
    readonly at: string;
    readonly patience: number;
    readonly folder: StoresFolder | undefined;
    readonly turn: ((client: Client, lock: string) => Promise<void>) | undefined;
    readonly confirm: () => Promise<void>;
  },
): Promise<string> {
  await requireDurable(client, at);
  const own = quoted(schema);
  const lock = `medseal/${schema}`;
  if (turn !== undefined) {
    // A standby that could never take over says so at its start.
    await requireFolder(client, own, { at, folder });
    await turn(client, lock);
  }
  await client.query(`SET lock_timeout = ${Math.max(1, Math.trunc(patience))}`);
  await client
    .query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lock])
    .catch((cause: unknown) => {
      if ((cause as { readonly code?: unknown }).code !== LOCK_TIMEOUT) throw cause;
      throw new MedsealError('DATABASE_LOCKED', { at }, { cause });
    });
  await client.query('SET lock_timeout = 0');
  await confirm();
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${own};
    CREATE TABLE IF NOT EXISTS ${own}.lease (
      one boolean PRIMARY KEY DEFAULT true CHECK (one), fence bigint NOT NULL, folder text
    );
    CREATE OR REPLACE FUNCTION ${own}.hold(own bigint) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM ${own}.lease WHERE fence = own FOR SHARE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'another writer took the lease' USING ERRCODE = '${FENCED}';
      END IF;
    END $$;`);
  await requireFolder(client, own, { at, folder });
  const taken = await client.query<[string]>({
    text: `INSERT INTO ${own}.lease (fence, folder) VALUES (${PROMOTED} + 1, $1)
      ON CONFLICT (one) DO UPDATE SET fence = greatest(lease.fence, ${PROMOTED}) + 1,
        folder = coalesce(lease.folder, excluded.folder) RETURNING fence`,
    values: [folder?.id ?? null],
    rowMode: 'array',
  });
  return taken.rows[0]?.[0] ?? '';
}

/** Requires that the stores are a folder's own, as far as the server has any. */
async function requireFolder(
  client: Client,
  own: string,
  { at, folder }: { readonly at: string; readonly folder: StoresFolder | undefined },
): Promise<void> {
  if (folder === undefined) return;
  const known = await client.query<{ known: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS known',
    [`${own}.lease`],
  );
  const { rows } = known.rows[0]?.known
    ? await client.query<{ folder: string | null }>(`SELECT folder FROM ${own}.lease`)
    : { rows: [] };
  const holder = rows[0]?.folder ?? undefined;
  if (holder === folder.id || (holder === undefined && folder.isNew)) return;
  const reason =
    holder === undefined
      ? 'it does not have the stores of this folder, which lay there'
      : 'another folder keeps its stores there';
  throw new MedsealError('DATABASE_UNUSABLE', { at, reason });
}

/** Requires the settings of the server by which a write that it reported survives. */
async function requireDurable(client: Client, at: string): Promise<void> {
  const { rows } = await client.query<
    Record<'fsync' | 'pages' | 'commit', string> & { standby: boolean }
  >(
    `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
      current_setting('synchronous_commit') AS commit, pg_is_in_recovery() AS standby`,
  );
  const [found] = rows;
  const unusable = (reason: string): MedsealError =>
    new MedsealError('DATABASE_UNUSABLE', { at, reason });
  if (found === undefined || found.standby) throw unusable('the server is a standby');
  if (found.fsync !== 'on') throw unusable('its server runs with fsync off');
  if (found.pages !== 'on') throw unusable('its server runs with full_page_writes off');
  if (found.commit === 'off' || found.commit === 'local') {
    await client.query('SET synchronous_commit = on');
  }
}
