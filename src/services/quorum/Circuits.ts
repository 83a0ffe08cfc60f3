import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { peerCalls, type PeerMethod, type PeerPorts } from '../peers/peerCalls.ts';
import { wrapMethods } from '../wrapMethods.ts';
import { Circuit } from './Circuit.ts';

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
    return {
      coordinator: this.#behind(circuit, ports.coordinator, peerCalls.coordinator),
      contributor: this.#behind(circuit, ports.contributor, peerCalls.contributor),
      authority: this.#behind(circuit, ports.authority, peerCalls.authority),
    };
  }

  /** The circuit that guards a port; undefined for one's own services. */
  of(port: object): Circuit | undefined {
    return this.#guarded.get(port)?.circuit;
  }

  /** The same port, asked even if its circuit is open: for when a quorum needs it. */
  insistent<Port extends object>(port: Port): Port {
    return (this.#guarded.get(port)?.insistent as Port | undefined) ?? port;
  }

  #behind<Port extends object>(
    circuit: Circuit,
    port: Port,
    calls: Readonly<Record<keyof Port, PeerMethod>>,
  ): Port {
    const through = (insists: boolean): Port =>
      wrapMethods(port, (name, method) =>
        calls[name].gives === 'bytes'
          ? (...values) =>
              parts(circuit, insists, () => method(...values) as AsyncIterable<Uint8Array>)
          : async (...values) => await circuit.run(async () => await method(...values), insists),
      );
    const [guarded, insistent] = [through(false), through(true)];
    for (const each of [guarded, insistent]) this.#guarded.set(each, { circuit, insistent });
    return guarded;
  }
}

/** A stream whose parts each count as an answer. */
async function* parts(
  circuit: Circuit,
  insists: boolean,
  open: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let goesOn = insists;
  let rest: AsyncIterator<Uint8Array> | undefined;
  try {
    for (;;) {
      // A peer that is left alone is not asked: nobody would notice its answer or its silence.
      const part = await circuit.run(async () => {
        rest ??= open()[Symbol.asyncIterator]();
        return await rest.next();
      }, goesOn);
      if (part.done === true) return;
      yield part.value;
      // A call that has begun goes on.
      goesOn = true;
    }
  } finally {
    await rest?.return?.();
  }
}
