import { pino, stdTimeFunctions } from 'pino';
import { visibleJson } from '../../errors/visibleJson.ts';
import type { LogLevel } from '../configuration/Configuration.ts';
import type { LogFields, Logger } from './Logger.ts';
import { prettyLine } from './prettyLine.ts';

/** Options of `createLogger`. */
export interface LoggerOptions {
  /** Lowest level that is written. */
  readonly level: LogLevel;
  /** JSON lines for programs, or lines for people. */
  readonly format: 'json' | 'pretty';
  /** Writes a whole line with its end. */
  readonly write: (line: string) => void;
}

/**
 * Makes the log of a node: one line for each event, with its time, level and name.
 *
 * @param options - Level, format and destination.
 */
export function createLogger({ level, format, write }: LoggerOptions): Logger {
  const destination = {
    write: (line: string) => write(format === 'json' ? line : prettyLine(line)),
  };
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: stdTimeFunctions.isoTime,
    // A logged fault may contain words of others.
    hooks: { streamWrite: visibleJson },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const log = pino(options, destination);
  const at = (name: 'debug' | 'info' | 'warn' | 'error') => {
    return (event: string, fields: LogFields = {}) => log[name](fields, event);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
