import type { Client, Pool, QueryArrayResult } from 'pg';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { storageError } from '../../errors/toPublicError.ts';
import { GroupCommit } from '../GroupCommit.ts';
import { showPostgresAddress, type PostgresAddress } from './PostgresAddress.ts';
import { FENCED, takeLease } from './PostgresLease.ts';
import { connectionOf } from './connectionOf.ts';
import { quoted, type SqlStatement } from './statements.ts';
import { statementsOf, type TableChange } from './TableChange.ts';

/** Options of `PostgresSession.open`. */
export interface PostgresOptions {
  readonly address: PostgresAddress;
  /** The schema of the stores. */
  readonly schema: string;
  /** File with the password; if absent, `PGPASSFILE` or `~/.pgpass` has it, or the server asks for none. */
  readonly passwordFile?: string;
  /** Longest wait until another writer's session ends, milliseconds; as long as one that was killed may take if absent. */
  readonly patience?: number;
  /** The folder whose stores these are: its id, and if the server may lack them. Anybody's if absent. */
  readonly folder?: { readonly id: string; readonly isNew: boolean };
  /** Called once, when nothing can be written any more: a write failed, or the connection is gone. */
  readonly onLost?: (cause: unknown) => void;
}

/** Connections for reads. */
const READERS = 4;
/** The most rows of calls that share a transaction. */
const GROUP = 8192;
/** Longest wait for a former writer, milliseconds: the server takes a moment to see that a process was killed. */
const PATIENCE = 5000;
/** A writer that stands still within a transaction holds up the next one no longer, milliseconds. */
const STANDSTILL = 10_000;
/** SQLSTATE of warnings. Of a commit it says that a standby was not waited for. */
const WARNING = '01000';

/** The one writer of a schema at a PostgreSQL server, and connections that read there. */
export class PostgresSession {
  /** The database, for messages. */
  readonly at: string;
  readonly #writer: Client;
  readonly #readers: Pool;
  readonly #schema: string;
  readonly #fence: string;
  readonly #onLost: (cause: unknown) => void;
  readonly #commits: GroupCommit<TableChange, void>;
  #failure: unknown;
  #closed = false;

  private constructor(
    { address, schema, onLost = () => undefined }: PostgresOptions,
    writer: Client,
    readers: Pool,
    fence: string,
  ) {
    this.at = showPostgresAddress(address);
    this.#writer = writer;
    this.#readers = readers;
    this.#schema = schema;
    this.#fence = fence;
    this.#onLost = onLost;
    this.#commits = new GroupCommit(
      async (changes) => await this.#write(changes),
      (change) => ('rows' in change ? change.rows.length : 1),
      GROUP,
    );
    writer.on('error', (error) => this.#lose(error));
    writer.on('end', () => this.#lose(new Error('the connection ended')));
    writer.on('notice', ({ code, message }) => {
      if (code === WARNING) this.#lose(new Error(message));
    });
    // The next read connects again.
    readers.on('error', () => undefined);
  }

  /**
   * Connects, and becomes the one writer of the schema.
   *
   * @param options - Address and schema.
   * @throws MedsealError `DATABASE_UNREACHABLE`, `DATABASE_LOCKED`, `DATABASE_UNUSABLE`; `CONFIGURATION_INVALID` if the
   * file of the password or of the certificates cannot be read, or others can read the password.
   */
  static async open(options: PostgresOptions): Promise<PostgresSession> {
    const { address, schema, patience = PATIENCE, folder } = options;
    const at = showPostgresAddress(address);
    const config = await connectionOf(options);
    // Loaded by those nodes alone that use it.
    const { default: pg } = await import('pg');
    const writer = new pg.Client({
      ...config,
      pipeline: true,
      idle_in_transaction_session_timeout: STANDSTILL,
    });
    const broken: unknown[] = [];
    const hear = (error: unknown): void => void broken.push(error);
    writer.on('error', hear);
    try {
      await writer.connect();
      const fence = await takeLease(writer, schema, { at, patience, folder });
      writer.off('error', hear);
      return new PostgresSession(options, writer, new pg.Pool({ ...config, max: READERS }), fence);
    } catch (cause) {
      await writer.end().catch(() => undefined);
      if (isMedsealError(cause)) throw cause;
      const reason = reasonOf(broken[0] ?? cause);
      throw new MedsealError('DATABASE_UNREACHABLE', { at, reason }, { cause });
    }
  }

  /** The schema's name and a table's, quoted. */
  table(name: string): string {
    return `${quoted(this.#schema)}.${quoted(name)}`;
  }

  /**
   * Makes a table of rows, if it is absent.
   * @param table - Qualified and quoted.
   * @throws MedsealError as `write` does.
   */
  async makeTable(table: string): Promise<void> {
    // Values are encrypted, or short: compressing them saves nothing.
    const text = `CREATE TABLE IF NOT EXISTS ${table} (key bytea PRIMARY KEY, value bytea NOT NULL);
      ALTER TABLE ${table} ALTER COLUMN value SET STORAGE EXTERNAL`;
    await this.#alive(async () => await this.#writer.query(text));
  }

  /**
   * Names of the schema's tables of rows.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  async tables(): Promise<readonly string[]> {
    const { rows } = await this.read({
      text: `SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'lease' ORDER BY 1`,
      values: [this.#schema],
      rowMode: 'array',
    });
    return rows.map(([name]) => String(name));
  }

  /**
   * Reads.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  async read(statement: SqlStatement): Promise<QueryArrayResult<unknown[]>> {
    try {
      return await this.#readers.query<unknown[]>(statement);
    } catch (cause) {
      throw storageError(cause);
    }
  }

  /**
   * Makes a change durably, in a transaction that it shares with those that come at the same time.
   * @throws MedsealError `LEASE_LOST`, `STORAGE_FULL`, `STORAGE_FAILED`; afterwards it takes no change any more.
   */
  async write(change: TableChange): Promise<void> {
    await this.#commits.add(change);
  }

  /** Ends the session, after the changes under way: another writer can take the lease. */
  async close(): Promise<void> {
    await this.#commits.idle();
    this.#closed = true;
    await Promise.all([this.#writer.end(), this.#readers.end()]).catch(() => undefined);
  }

  async #write(changes: readonly TableChange[]): Promise<void> {
    await this.#alive(async () => {
      // Sent together, so that a batch takes one round trip.
      const sent = [
        { text: 'BEGIN' },
        { text: `SELECT ${quoted(this.#schema)}.hold($1)`, values: [this.#fence] },
        ...statementsOf(changes),
        { text: 'COMMIT' },
      ].map(async (statement) => await this.#writer.query(statement));
      const results = await Promise.allSettled(sent);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      // The COMMIT of a failed transaction succeeds, and says what it did instead.
      const end = results.at(-1);
      const command = end?.status === 'fulfilled' ? end.value.command : undefined;
      if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
      if (this.#failure !== undefined) throw this.#failure;
    });
  }

  /** Writes while that is possible: after a failure nobody knows what the server holds. */
  async #alive<Result>(write: () => Promise<Result>): Promise<Result> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      return await write();
    } catch (cause) {
      this.#lose(cause);
      const { code } = cause as { readonly code?: unknown };
      if (code === FENCED) throw new MedsealError('LEASE_LOST', { at: this.at }, { cause });
      throw storageError(cause);
    }
  }

  #lose(cause: unknown): void {
    if (this.#failure !== undefined || this.#closed) return;
    this.#failure = cause;
    this.#onLost(cause);
  }
}

/** Text of the server or the system, in one line. It never has the password. */
function reasonOf(cause: unknown): string {
  const { message, code } = cause as { readonly message?: string; readonly code?: string };
  const text = message === undefined || message === '' ? (code ?? 'no reason was given') : message;
  return text.split('\n', 1)[0] ?? text;
}
