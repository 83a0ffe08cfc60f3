/** Milliseconds between two reports of the same person's activity to other tabs. */
const REPORTED = 5000;

/** Message between the tabs of one origin. */
export type TabMessage = 'active' | 'lock';

/** The same moment by two clocks. */
export interface Moments {
  readonly set: number;
  readonly steady: number;
}

/** Ports of `IdleClock`. */
export interface IdlePorts {
  /**
   * Milliseconds since any moment, by a clock that may be set but runs while the device sleeps, and by one that nobody
   * sets but that may stand still then.
   */
  readonly now: () => Moments;
  /** Locks this tab. */
  readonly lock: () => void;
  /** Tells other tabs. */
  readonly tell: (message: TabMessage) => void;
}

/** Decides when a page locks: after a time without its person in any tab, or with another tab. */
export class IdleClock {
  readonly #ports: IdlePorts;
  readonly #most: number;
  #last: Moments;
  #told: Moments | undefined;

  /**
   * @param most - Milliseconds without the person after which it locks.
   * @param ports - Time, lock and other tabs.
   */
  constructor(most: number, ports: IdlePorts) {
    this.#ports = ports;
    this.#most = most;
    this.#last = ports.now();
  }

  /** The person did something in this tab. A page that slept too long locks rather than wakes. */
  active(): void {
    if (this.check()) return;
    this.#last = this.#ports.now();
    if (this.#told !== undefined && this.#since(this.#told) < REPORTED) return;
    this.#told = this.#last;
    this.#ports.tell('active');
  }

  /** Locks if the time is over; call it every few seconds, and when the page is shown again. */
  check(): boolean {
    if (this.#since(this.#last) < this.#most) return false;
    this.#ports.lock();
    this.#ports.tell('lock');
    return true;
  }

  /**
   * Milliseconds since a moment by the clock that counted more of them. A clock that is set back keeps no page open; one that is set
   * forward over the whole time locks it, for nothing tells that from a device that slept.
   */
  #since(before: Moments): number {
    const { set, steady } = this.#ports.now();
    return Math.max(set - before.set, steady - before.steady);
  }

  /** Another tab told something; anything else is ignored. */
  hear(message: unknown): void {
    if (message === 'lock') this.#ports.lock();
    else if (message === 'active') this.#last = this.#ports.now();
  }
}
