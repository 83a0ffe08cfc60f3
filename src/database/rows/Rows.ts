/** Rows of one kind, by key. A row is a JSON value, and nobody changes it in place. */
export interface Rows<Value> {
  /** Number of rows. */
  readonly size: number;
  /** @throws MedsealError `INTERNAL` if the row was altered on the disk. */
  get(key: string): Value | undefined;
  /** @throws MedsealError as `get` does. */
  has(key: string): boolean;
  /** Puts a row, in place of an earlier one; it is on the disk with the next commit. */
  set(key: string, value: Value): void;
  /** All rows as they are now, in no order that means anything. */
  values(): AsyncIterable<Value>;
}
