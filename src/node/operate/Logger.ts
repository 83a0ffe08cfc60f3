/** What an event is told with: numbers, and words that the code has written. Nothing of anybody's. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where a node says what happens, as a port. An event has a name of its own, such as `ready`. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
