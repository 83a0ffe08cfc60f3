import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';

/** Milliseconds between looks at a peer that owes answers. */
const LOOK_EVERY = 500;
/**
 * Looks in a row that find no answer: the peer is silent. There are several, for a process that itself stood still sees
 * one of them alone before it reads the answers that came meanwhile.
 */
const QUIET_LOOKS = 10;
/** Milliseconds between two probes of a silent peer. */
const PROBE_EVERY = 1000;
/** The most calls that one peer may owe an answer. */
const MOST_OWED = 512;

/**
 * The circuit to one peer. It opens when the peer has answered nothing for five seconds although calls wait, and closes
 * with the peer's next answer, whatever that says. While it is open, one call a second goes through as a probe.
 */
export class Circuit {
  /** The organisation that it leads to. */
  readonly peer: Organisation;
  /** True if the peer's last answer came too late: it gets no grace until it is in time again. It is still asked. */
  late = false;
  /**
   * True if the peer came too late even for a patient question, one that others had answered by a "no": nobody is
   * patient with it until it answers soon again.
   */
  missed = false;
  readonly #clock: Clock;
  #open = false;
  #owed = 0;
  #quiet = 0;
  #probed = 0;
  #endLooking: (() => void) | undefined;

  /**
   * @param peer - The organisation.
   * @param clock - Its timers.
   */
  constructor(peer: Organisation, clock: Clock) {
    this.peer = peer;
    this.#clock = clock;
  }

  /** True if a call would go through now. */
  get admits(): boolean {
    if (this.#owed >= MOST_OWED) return false;
    const since = this.#clock.now() - this.#probed;
    // A clock that was set back must not keep the peer from being asked until it has caught up.
    return !this.#open || since >= PROBE_EVERY || since < 0;
  }

  /** True if no answer is to be expected from the peer now. */
  get isSilent(): boolean {
    return this.#open || this.missed;
  }

  /**
   * Calls the peer.
   *
   * @param call - The call.
   * @param insists - True if it goes through in any case, for nobody else can answer.
   * @throws MedsealError `PEER_UNREACHABLE` at once if the circuit does not admit it; what the call throws.
   */
  async run<Result>(call: () => Promise<Result>, insists = false): Promise<Result> {
    if (!insists && !this.admits) throw new MedsealError('PEER_UNREACHABLE', { peer: this.peer });
    if (this.#open) this.#probed = this.#clock.now();
    this.#owed += 1;
    this.#look();
    try {
      const result = await call();
      this.#heard();
      return result;
    } catch (error) {
      // A refusal is an answer, and so is rubbish.
      if (!isMedsealError(error, 'PEER_UNREACHABLE')) this.#heard();
      throw error;
    } finally {
      this.#owed -= 1;
      if (this.#owed === 0) {
        this.#endLooking?.();
        this.#endLooking = undefined;
        this.#quiet = 0;
      }
    }
  }

  #heard(): void {
    this.#quiet = 0;
    this.#open = false;
  }

  #look(): void {
    this.#endLooking ??= this.#clock.after(LOOK_EVERY, () => {
      this.#endLooking = undefined;
      this.#quiet += 1;
      if (this.#quiet >= QUIET_LOOKS && !this.#open) {
        this.#open = true;
        this.#probed = this.#clock.now();
      }
      this.#look();
    });
  }
}
