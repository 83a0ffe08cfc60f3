import type { Client, Pool, QueryArrayResult } from 'pg';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { storageError } from '../../errors/toPublicError.ts';
import { GroupCommit } from '../GroupCommit.ts';
import { connectWriter, endClient } from './connectWriter.ts';
import {
  showPostgresAddress,
  type PostgresAddress,
  type PostgresServer,
} from './PostgresAddress.ts';
import { FENCED, takeLease, type StoresFolder } from './PostgresLease.ts';
import type { LeaseWait } from '../LeaseWait.ts';
import { PostgresSnapshot, tablesOf } from './PostgresSnapshot.ts';
import { untilLocked } from './untilLocked.ts';
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
  /** Waits for another writer as long as it takes, if given; `patience` counts for nothing then. */
  readonly wait?: LeaseWait;
  /** Longest time that a writer may stand still before the server ends its session, milliseconds; 10 s if absent. */
  readonly lease?: number;
  /** The folder whose stores these are: its id, and if the server may lack them. Anybody's if absent. */
  readonly folder?: StoresFolder;
  /** Called once, when nothing can be written any more: a write failed, or the connection is gone. */
  readonly onLost?: (cause: unknown) => void;
}

/** Connections for reads. */
const READERS = 4;
/** The most rows of calls that share a transaction. */
const GROUP = 8192;
/** Longest wait for a former writer, milliseconds: the server takes a moment to see that a process was killed. */
const PATIENCE = 5000;
/** Longest standstill of a writer, milliseconds: time enough for a machine that is busy. */
const LEASE = 10_000;
/** Number of times that a lease is renewed before it would end. */
const RENEWALS = 4;
/** SQLSTATEs of sessions that the server ended because they stood still: outside of a transaction and within one. */
const STOOD_STILL: readonly unknown[] = ['57P05', '25P03'];
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
  readonly #lease: number;
  readonly #renewing: NodeJS.Timeout;
  /** Moment at which the server was last asked for the lease that it then confirmed, on this machine's clocks. */
  #renewed = moment();
  #isAsking = false;
  #failure: unknown;
  #error: MedsealError | undefined;
  #closed = false;

  private constructor(
    { address, schema, lease = LEASE, onLost = () => undefined }: PostgresOptions,
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
    this.#lease = lease;
    const renew = (): void => void this.#renew();
    this.#renewing = setInterval(renew, lease / RENEWALS).unref();
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
   * file of the password or of the certificates cannot be read, or others can read the password; `CLOSED` if a wait is
   * ended.
   */
  static async open(options: PostgresOptions): Promise<PostgresSession> {
    const { wait } = options;
    if (wait === undefined) return await PostgresSession.#connect(options);
    const at = showPostgresAddress(options.address);
    return await untilLocked(
      wait,
      at,
      async (turn) => await PostgresSession.#connect(options, turn),
    );
  }

  /** @param turn - Resolves once this connection has the lock; absent if it waits for that no longer than `patience`. */
  static async #connect(
    options: PostgresOptions,
    turn?: (client: Client, lock: string) => Promise<void>,
  ): Promise<PostgresSession> {
    const { address, schema, patience = PATIENCE, lease = LEASE, folder } = options;
    const at = showPostgresAddress(address);
    const configOf = await connectionOf(options);
    // Loaded by those nodes alone that use it.
    const { default: pg } = await import('pg');
    const broken: unknown[] = [];
    const hear = (error: unknown): void => void broken.push(error);
    const clientOf = (server: PostgresServer): Client => {
      const timeout = { idle_in_transaction_session_timeout: lease };
      return new pg.Client({ ...configOf(server), pipeline: true, ...timeout }).on('error', hear);
    };
    let writer: Client | undefined;
    try {
      const { servers } = address;
      const connected = await connectWriter({ servers, at, clientOf });
      const { client } = connected;
      writer = client;
      const confirm = async (): Promise<void> => {
        await connected.confirm();
        // Not before: it stands still while other servers are asked.
        await client.query(`SET idle_session_timeout = ${lease}`);
      };
      const fence = await takeLease(client, schema, { at, patience, folder, turn, confirm });
      writer.off('error', hear);
      const readers = new pg.Pool({ ...configOf(connected.server), max: READERS });
      return new PostgresSession(options, writer, readers, fence);
    } catch (cause) {
      if (writer !== undefined) await endClient(writer);
      if (isMedsealError(cause)) throw cause;
      const reason = reasonOf(broken[0] ?? cause);
      throw new MedsealError('DATABASE_UNREACHABLE', { at, reason }, { cause });
    }
  }

  /** The fence: a number that no other writer has. */
  get fence(): string {
    return this.#fence;
  }

  /**
   * True while nobody else can have the lease, as far as this process knows without asking: nothing failed, and the server
   * confirmed it less than a lease ago. By the calendar too, which goes on while a machine sleeps.
   */
  get isHeld(): boolean {
    if (this.#failure !== undefined || this.#closed) return false;
    const { running, calendar } = this.#renewed;
    return Math.max(performance.now() - running, Date.now() - calendar) <= this.#lease;
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
    const { rows } = await this.read(tablesOf(this.#schema));
    return rows.map(([name]) => String(name));
  }

  /**
   * Fixes the present moment of all tables, which nobody writes to until it resolves.
   * @throws MedsealError `LEASE_LOST`, `STORAGE_FAILED`.
   */
  async snapshot(): Promise<PostgresSnapshot> {
    const client = await this.#readers.connect().catch((cause: unknown) => {
      throw storageError(cause);
    });
    return await PostgresSnapshot.take(client, {
      schema: this.#schema,
      fence: this.#fence,
      at: this.at,
    });
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
    clearInterval(this.#renewing);
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
      throw this.#lose(cause);
    }
  }

  /** Shows the server that this writer does not stand still, and hears if another one took over. */
  async #renew(): Promise<void> {
    if (this.#isAsking || this.#failure !== undefined || this.#closed) return;
    this.#isAsking = true;
    const asked = moment();
    // Without a lock of the row, which would be a commit each time.
    const text = `SELECT fence FROM ${quoted(this.#schema)}.lease`;
    try {
      const { rows } = await this.#writer.query<[string]>({ text, rowMode: 'array' });
      if (rows[0]?.[0] === this.#fence) this.#renewed = asked;
      else this.#lose(new MedsealError('LEASE_LOST', { at: this.at }));
    } catch (cause) {
      this.#lose(cause);
    }
    this.#isAsking = false;
  }

  /** Notes the first failure, and returns the error of it. */
  #lose(cause: unknown): MedsealError {
    if (this.#failure !== undefined || this.#closed) return this.#error ?? storageError(cause);
    const { code } = cause as { readonly code?: unknown };
    // A session that is over says so in several ways, the connection's end among them.
    const isLate = performance.now() - this.#renewed.running > this.#lease;
    const isLost = code === 'LEASE_LOST' || code === FENCED || STOOD_STILL.includes(code) || isLate;
    this.#failure = cause;
    this.#error = isLost
      ? new MedsealError('LEASE_LOST', { at: this.at }, { cause })
      : storageError(cause);
    clearInterval(this.#renewing);
    this.#onLost(this.#error);
    return this.#error;
  }
}

/** The present moment, milliseconds on the clock that stands still with the machine, and on the calendar's. */
function moment(): { readonly running: number; readonly calendar: number } {
  return { running: performance.now(), calendar: Date.now() };
}

/** Text of the server or the system, in one line. It never has the password. */
function reasonOf(cause: unknown): string {
  const { message, code } = cause as { readonly message?: string; readonly code?: string };
  const text = message === undefined || message === '' ? (code ?? 'no reason was given') : message;
  return text.split('\n', 1)[0] ?? text;
}
