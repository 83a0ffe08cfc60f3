/** Milliseconds between two reports of the same person's activity to other tabs. */
const REPORTED = 5000;

/** Message between the tabs of one origin. */
export type TabMessage = 'active' | 'lock';

/** Ports of `IdleClock`. */
export interface IdlePorts {
  /** Milliseconds since any moment. */
  readonly now: () => number;
  /** Locks this tab. */
  readonly lock: () => void;
  /** Tells other tabs. */
  readonly tell: (message: TabMessage) => void;
}

/** Decides when a page locks: after a time without its person in any tab, or with another tab. */
export class IdleClock {
  readonly #ports: IdlePorts;
  readonly #most: number;
  #last: number;
  #told: number;

  /**
   * @param most - Milliseconds without the person after which it locks.
   * @param ports - Time, lock and other tabs.
   */
  constructor(most: number, ports: IdlePorts) {
    this.#ports = ports;
    this.#most = most;
    this.#last = ports.now();
    this.#told = -Infinity;
  }

  /** The person did something in this tab. A page that slept too long locks rather than wakes. */
  active(): void {
    if (this.check()) return;
    const now = this.#ports.now();
    this.#last = now;
    if (now - this.#told < REPORTED) return;
    this.#told = now;
    this.#ports.tell('active');
  }

  /** Locks if the time is over; call it every few seconds, and when the page is shown again. */
  check(): boolean {
    if (this.#ports.now() - this.#last < this.#most) return false;
    this.#ports.lock();
    this.#ports.tell('lock');
    return true;
  }

  /** Another tab told something; anything else is ignored. */
  hear(message: unknown): void {
    if (message === 'lock') this.#ports.lock();
    else if (message === 'active') this.#last = this.#ports.now();
  }
}
