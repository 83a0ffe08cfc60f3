import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../protocol/Clock.ts';
import { networkOf } from '../callers/networkOf.ts';
import type { TrustedProxies } from '../callers/TrustedProxies.ts';
import { shareOf } from './shareOf.ts';

/** Milliseconds between two searches for answers that stand still. */
const LOOK_EVERY = 2500;
/** Longest standstill of an answer besides the time that it takes at the least rate, milliseconds. */
const STANDSTILL = 60_000;

/** Stands for all proxies together, in place of an address. */
const PROXY = 'proxy';

/** Options of `Connections`. */
export interface ConnectionsOptions {
  /** Greatest number of connections. */
  readonly most: number;
  /** Least rate at which a caller must take an answer, bytes per second. */
  readonly leastRate: number;
  /** Proxies in front: each carries many callers, and so may have more than an eighth. */
  readonly proxies: TrustedProxies;
  readonly clock: Clock;
}

interface Connection {
  readonly socket: Socket;
  readonly caller: string;
  /** Answers that are not yet sent, in the order of their requests. */
  readonly answers: Set<ServerResponse>;
  /** Bytes that were sent at the last check. */
  gone: number;
  /** Time since which no more were sent, milliseconds. */
  since: number;
}

/**
 * The connections of a server, an eighth of them at most of one address. If there is no room for a new one, the oldest
 * idle one is cut off: of the same address if that has its eighth, else of an address that has more, then one of these
 * whose request has not arrived yet, then any idle one. A connection is never cut off for another while it is answered.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #all = new Map<Socket, Connection>();
  /** Connections of each caller; first the one whose last request was the longest ago. */
  readonly #byCaller = new Map<string, Set<Connection>>();
  #stopLooking: () => void;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#stopLooking = this.#lookLater();
  }

  /** Number of connections. */
  get count(): number {
    return this.#all.size;
  }

  /** Accepts a new connection, or cuts it off at once if there is no room for it. */
  add(socket: Socket): void {
    const { proxies, clock } = this.#options;
    const remote = socket.remoteAddress ?? '';
    const caller = proxies.has(remote) ? PROXY : (networkOf(remote) ?? '');
    if (!this.#makeRoom(caller)) {
      socket.destroy();
      return;
    }
    const connection = { socket, caller, answers: new Set<never>(), gone: 0, since: clock.now() };
    const own = this.#byCaller.get(caller) ?? new Set();
    this.#byCaller.set(caller, own.add(connection));
    this.#all.set(socket, connection);
    socket.once('close', () => this.#forget(connection));
  }

  /** Notes that a request has arrived over a connection, until its answer is sent. */
  begin({ socket }: IncomingMessage, answer: ServerResponse): void {
    const connection = this.#all.get(socket);
    if (connection === undefined) return;
    connection.answers.add(answer);
    answer.once('close', () => {
      connection.answers.delete(answer);
      const own = this.#byCaller.get(connection.caller);
      if (own?.delete(connection) === true) own.add(connection);
    });
  }

  /** Answers of a connection that are not yet sent, in the order of their requests. */
  answersOf(socket: Socket): readonly ServerResponse[] {
    return [...(this.#all.get(socket)?.answers ?? [])];
  }

  /** Ends the checks. */
  close(): void {
    this.#stopLooking();
  }

  #makeRoom(caller: string): boolean {
    const { most } = this.#options;
    const own = this.#byCaller.get(caller) ?? new Set();
    if (caller !== PROXY && own.size >= shareOf(most)) return this.#cut(own, isIdle);
    if (this.#all.size < most) return true;
    const others = [...this.#byCaller]
      .filter(([name]) => name !== PROXY)
      .map(([, connections]) => connections)
      .toSorted((a, b) => b.size - a.size);
    const larger = others.filter(({ size }) => size > own.size + 1);
    const proxied = this.#byCaller.get(PROXY) ?? new Set();
    return (
      larger.some((connections) => this.#cut(connections, isIdle)) ||
      larger.some((connections) => this.#cut(connections, isUnasked)) ||
      [...others, proxied].some((connections) => this.#cut(connections, isIdle))
    );
  }

  /** Cuts off the first that fits; false if no connection does. */
  #cut(connections: ReadonlySet<Connection>, fits: (connection: Connection) => boolean): boolean {
    for (const connection of connections) {
      if (!fits(connection)) continue;
      this.#forget(connection);
      connection.socket.destroy();
      return true;
    }
    return false;
  }

  #forget(connection: Connection): void {
    const own = this.#byCaller.get(connection.caller);
    own?.delete(connection);
    if (own?.size === 0) this.#byCaller.delete(connection.caller);
    this.#all.delete(connection.socket);
  }

  #lookLater(): () => void {
    return this.#options.clock.after(LOOK_EVERY, () => {
      this.#look();
      this.#stopLooking = this.#lookLater();
    });
  }

  /** Cuts off callers that do not take an answer. */
  #look(): void {
    const { clock, leastRate } = this.#options;
    const now = clock.now();
    for (const connection of this.#all.values()) {
      const { socket } = connection;
      const waiting = socket.writableLength;
      const gone = socket.bytesWritten - waiting;
      if (waiting === 0 || gone !== connection.gone) {
        connection.gone = gone;
        connection.since = now;
      } else if (now - connection.since > STANDSTILL + (waiting * 1000) / leastRate) {
        socket.destroy();
      }
    }
  }
}

function isIdle({ answers }: Connection): boolean {
  return answers.size === 0;
}

/** Tells whether no complete request waits for its answer. */
function isUnasked({ answers }: Connection): boolean {
  return [...answers].every(({ req }) => !req.complete);
}
