import type { PoolClient } from 'pg';
import { MedsealError } from '../../errors/MedsealError.ts';
import { storageError } from '../../errors/toPublicError.ts';
import { selectRange, quoted, type SqlStatement } from './statements.ts';

/** Rows that are read at once. */
const PAGE = 1000;

/** The tables of a schema as they were at one moment, whatever was written since. The server keeps that moment's rows until it is closed. */
export class PostgresSnapshot {
  /** Names of the tables of rows. */
  readonly names: readonly string[];
  readonly #client: PoolClient;
  readonly #schema: string;

  private constructor(client: PoolClient, schema: string, names: readonly string[]) {
    [this.#client, this.#schema, this.names] = [client, schema, names];
  }

  /**
   * Fixes the present moment.
   *
   * @param client - A connection that nobody else uses until the snapshot is closed.
   * @param of.schema - The schema.
   * @param of.fence - The fence of the writer whose tables they are.
   * @param of.at - Description of the database, for messages.
   * @throws MedsealError `LEASE_LOST` if another writer has the schema; `STORAGE_FAILED`.
   */
  static async take(
    client: PoolClient,
    { schema, fence, at }: { readonly schema: string; readonly fence: string; readonly at: string },
  ): Promise<PostgresSnapshot> {
    // A connection that breaks fails the next question.
    client.on('error', () => undefined);
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // The first question fixes the moment.
      const { rows: held } = await client.query<[string]>({
        text: `SELECT fence FROM ${quoted(schema)}.lease`,
        rowMode: 'array',
      });
      if (held[0]?.[0] !== fence) throw new MedsealError('LEASE_LOST', { at });
      const { rows } = await client.query<[string]>(tablesOf(schema));
      return new PostgresSnapshot(
        client,
        schema,
        rows.map(([name]) => name),
      );
    } catch (error) {
      client.release(true);
      throw error instanceof MedsealError ? error : storageError(error);
    }
  }

  /**
   * Yields the rows of a table in the order of their keys.
   * @throws MedsealError `STORAGE_FAILED`.
   */
  async *rows(name: string): AsyncGenerator<readonly [Buffer, Buffer][]> {
    const table = `${quoted(this.#schema)}.${quoted(name)}`;
    let last: Buffer | undefined;
    for (;;) {
      const range = { ...(last && { gt: last }), limit: PAGE };
      const rows = await this.#read(selectRange(table, range, true));
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
      last = rows.at(-1)?.[0];
    }
  }

  /** Lets the moment go, and ends the connection. */
  close(): void {
    this.#client.release(true);
  }

  async #read(statement: SqlStatement): Promise<[Buffer, Buffer][]> {
    try {
      return (await this.#client.query<[Buffer, Buffer]>(statement)).rows;
    } catch (cause) {
      throw storageError(cause);
    }
  }
}

/**
 * Asks for the names of a schema's tables of rows.
 *
 * @param schema - The schema.
 */
export function tablesOf(schema: string): SqlStatement {
  return {
    text: `SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> 'lease' ORDER BY 1`,
    values: [schema],
    rowMode: 'array',
  };
}
