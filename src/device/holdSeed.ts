import { createServer, type Socket } from 'node:net';
import type { Clock } from '../protocol/Clock.ts';
import { listenInFolder } from '../folder/listenInFolder.ts';
import {
  encodeAnswer,
  LONGEST_QUESTION,
  parseQuestion,
  HOLDER_SOCKET,
  type HolderQuestion,
} from './holderProtocol.ts';

/** Interval at which it checks the time, milliseconds: a timer alone stands still while a machine sleeps. */
const LOOK = 2000;

/** Time in which a question must arrive, milliseconds. */
const PATIENCE = 2000;

/** Options of `holdSeed`. */
export interface SeedToHold {
  /** The key's folder; nobody else may write there. */
  readonly folder: string;
  /** 32 bytes; overwritten at the end. */
  readonly seed: Uint8Array;
  /** Time from now for which it is held, milliseconds. */
  readonly milliseconds: number;
  readonly clock: Clock;
  /** Called once, when the seed is overwritten and nothing listens any more. */
  readonly ended: () => void;
}

/** A seed that is held. */
export interface SeedHolder {
  /** When it ends, milliseconds since 1970. */
  until(): number;
  /** Ends it now. Safe to repeat. */
  end(): void;
}

/**
 * Holds a seed in memory, and hands it out through a Unix socket of mode 0600, until its time is over. The socket
 * replaces one that is there. The holder whose socket was replaced ends too, so at most one stays.
 *
 * @param held - The seed, its folder and its time.
 */
export async function holdSeed(held: SeedToHold): Promise<SeedHolder> {
  const { folder, seed, clock, ended } = held;
  const connections = new Set<Socket>();
  let until = clock.now() + held.milliseconds;
  let over = false;

  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    hear(connection, (question) => answer(connection, question));
  });
  server.maxConnections = 16;
  const place = await listenInFolder(server, folder, HOLDER_SOCKET);
  look();
  return { until: () => until, end };

  function look(): void {
    if (over) return;
    const left = until - clock.now();
    if (left <= 0 || !place.isOurs()) end();
    else clock.after(Math.min(left, LOOK), look);
  }

  function answer(connection: Socket, question: HolderQuestion): void {
    if (clock.now() >= until) end();
    if (over) {
      connection.destroy();
      return;
    }
    if (question.ask === 'extend') until = clock.now() + question.milliseconds;
    if (question.ask === 'lock') {
      connections.delete(connection);
      end();
    }
    const bytes = encodeAnswer({ until, ...(question.ask === 'seed' && { seed }) });
    connection.end(bytes, () => bytes.fill(0));
  }

  function end(): void {
    if (over) return;
    over = true;
    seed.fill(0);
    for (const connection of connections) connection.destroy();
    void place.close().then(ended);
  }
}

function hear(connection: Socket, heard: (question: HolderQuestion) => void): void {
  let text = '';
  connection.setTimeout(PATIENCE, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  connection.on('data', (part) => {
    text += part.toString('latin1');
    if (text.length > LONGEST_QUESTION) connection.destroy();
  });
  connection.on('end', () => {
    const question = text.endsWith('\n') ? parseQuestion(text.slice(0, -1)) : undefined;
    if (question === undefined) connection.destroy();
    else heard(question);
  });
}
