/** Fields of an event: numbers, and words that the code has written; no data of any party. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Log of a node, as a port. Each event has a name of its own, such as `ready`. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
