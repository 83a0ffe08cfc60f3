import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { interceptPeer } from '../peers/interceptPeer.ts';
import { peerCalls, type PeerPorts } from '../peers/peerCalls.ts';
import { Circuit } from './Circuit.ts';

const SERVICES = Object.keys(peerCalls) as (keyof PeerPorts)[];

/** State of a port that has a circuit. */
interface Guarded {
  readonly circuit: Circuit;
  /** The same service, called whatever the circuit says. */
  readonly insistent: object;
}

/** An organisation's circuits to its peers, one for each, found by the ports that they guard. */
export class Circuits {
  readonly #clock: Clock;
  readonly #circuits = new Map<Organisation, Circuit>();
  readonly #guarded = new WeakMap<object, Guarded>();

  /** @param clock - Its timers. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A peer's services behind its circuit: a call that the circuit does not admit is `PEER_UNREACHABLE` at once.
   *
   * @param peer - The organisation.
   * @param ports - Its services.
   */
  guard(peer: Organisation, ports: PeerPorts): PeerPorts {
    const circuit = this.#circuits.get(peer) ?? new Circuit(peer, this.#clock);
    this.#circuits.set(peer, circuit);
    // Each part of a stream counts as an answer; a call that has begun goes on. A peer that is left alone is not asked
    // for one: nobody would notice its answer or its silence.
    const through = (insists: boolean): PeerPorts =>
      interceptPeer(
        ports,
        async ({ place }, next) =>
          await circuit.run(async () => await next(), insists || place > 0),
        'parts',
      );
    const [guarded, insistent] = [through(false), through(true)];
    for (const service of SERVICES) {
      const state = { circuit, insistent: insistent[service] };
      for (const each of [guarded, insistent]) this.#guarded.set(each[service], state);
    }
    return guarded;
  }

  /** The circuit that guards a port; undefined for one's own services. */
  of(port: object): Circuit | undefined {
    return this.#guarded.get(port)?.circuit;
  }

  /** The same port, asked even if its circuit is open: for when a quorum needs it. */
  insistent<Port extends object>(port: Port): Port {
    return (this.#guarded.get(port)?.insistent as Port | undefined) ?? port;
  }
}
