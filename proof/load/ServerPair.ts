import { dirname } from 'node:path';
import { startPostgres, type TestPostgres } from '../../src/database/test/startPostgres.ts';
import type { Dice } from '../simulation/Dice.ts';

/** A server by its name. */
interface Named {
  readonly name: string;
  readonly server: TestPostgres;
}

/**
 * Two PostgreSQL servers, one the synchronous standby of the other, with the tool of their operator: it promotes the second one
 * once the first is dead, and makes the first its standby afterwards.
 */
export class ServerPair {
  #primary: Named;
  #follower: Named;

  private constructor(primary: Named, follower: Named) {
    [this.#primary, this.#follower] = [primary, follower];
  }

  /** Starts both. */
  static async start(): Promise<ServerPair> {
    const primary = await startPostgres();
    const follower = await startPostgres({ standbyOf: primary });
    await primary.requireStandby();
    return new ServerPair(
      { name: 'first server', server: primary },
      { name: 'second server', server: follower },
    );
  }

  /** URL that names both. */
  get url(): string {
    const hosts = [this.#primary, this.#follower].map(({ server }) => dirname(server.data));
    return `postgres://medseal@/postgres?host=${hosts.join(',')}`;
  }

  /** File with their password. */
  get password(): string {
    return this.#primary.server.password;
  }

  /** The one that takes writes, by its name. */
  get primary(): string {
    return this.#primary.name;
  }

  /** The one that follows, by its name. */
  get follower(): string {
    return this.#follower.name;
  }

  /**
   * Kills the server that takes writes, promotes the other one, and makes the dead one its standby.
   * @param waits - True if the promoted one waits for a standby from the first moment on.
   * @param dice - Decides how the dead one gets the rows of the other.
   * @param onPromoted - Called once the other one takes writes.
   */
  async failOver(waits: boolean, dice: Dice, onPromoted: () => void): Promise<void> {
    const [dead, promoted] = [this.#primary, this.#follower];
    await dead.server.kill();
    promoted.server.sql(`ALTER SYSTEM SET synchronous_standby_names = '${waits ? '*' : ''}'`);
    promoted.server.promote();
    promoted.server.sql('SELECT pg_reload_conf()');
    [this.#primary, this.#follower] = [promoted, dead];
    onPromoted();
    await dead.server.rejoin(promoted.server, dice.chance(0.8) ? 'rewind' : 'copy');
    await promoted.server.requireStandby();
  }

  /** Kills the server that follows, during which nothing is acknowledged, and starts it again. */
  async killFollower(): Promise<void> {
    await this.#follower.server.kill();
    await this.#follower.server.start();
    await this.#primary.server.requireStandby();
  }

  /** Ends both. */
  async stop(): Promise<void> {
    await this.#follower.server.stop();
    await this.#primary.server.stop();
  }
}
