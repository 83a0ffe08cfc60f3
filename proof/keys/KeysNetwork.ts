import { TestClock } from '../../src/ledger/test/TestClock.ts';
import { createNativePrimitives } from '../../src/native/nativePrimitives.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { domainOf } from '../../src/protocol/struct/domainOf.ts';
import type { SigningContext } from '../../src/protocol/struct/signing.ts';
import type { LogName } from '../../src/protocol/ids.ts';
import { untilDone, untilStill } from '../simulation/passTime.ts';
import { rememberingPrimitives } from '../simulation/rememberingPrimitives.ts';
import { simulatedCipher } from '../simulation/simulatedCipher.ts';
import { sayingState } from '../../src/node/test/sayingState.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import type { Trouble } from './Step.ts';

const primitives = rememberingPrimitives(await createNativePrimitives());
/** Organisation at which nobody has a device. */
export const TROUBLED = 'insurer';
/** Four organisations with a quorum of three, so that one of them may do what it wants. */
export class KeysNetwork {
  readonly network: TestNetwork;
  /** True if opening a record takes a release. */
  readonly guarded: boolean;
  readonly #clock: TestClock;

  private constructor(network: TestNetwork, clock: TestClock, guarded: boolean) {
    this.network = network;
    this.guarded = guarded;
    this.#clock = clock;
  }

  /**
   * Founds one.
   * @param seed - All of its randomness follows from it.
   * @param guarded - True if opening a record takes a release.
   */
  static async found(seed: string, guarded: boolean): Promise<KeysNetwork> {
    const clock = new TestClock(BEGIN * 1000);
    const network = await startTestNetwork({
      seed,
      guarded,
      clock,
      primitives,
      cipher: simulatedCipher,
      organisations: ['hospital', 'laboratory', TROUBLED, 'pharmacy'],
      faulty: 1,
      thresholds: { writes: 3, views: 3 },
    });
    return new KeysNetwork(network, clock, guarded);
  }

  /** Unix seconds, as nodes judge by. */
  get now(): number {
    return this.network.services().index.moment;
  }

  /** Signing domain of its requests. */
  get context(): SigningContext {
    return { domain: domainOf(this.network.file), primitives };
  }

  /** Lets time pass. */
  async wait(seconds: number): Promise<void> {
    this.#clock.advance(seconds * 1000);
    await untilStill();
  }

  /** Waits for something; lets time pass if it does not come otherwise. */
  async until<Result>(work: Promise<Result>): Promise<Result> {
    return await untilDone(this.#clock, work);
  }

  /** Lets a log be checkpointed, and copied by all. */
  async copy(log: LogName): Promise<void> {
    await this.until(this.network.checkpoint(log.slice('care/'.length)));
  }

  /** Sets the fault of one organisation from now on. */
  trouble(trouble: Trouble): void {
    const { liars } = this.network;
    liars.contributor.delete(TROUBLED);
    liars.coordinator.delete(TROUBLED);
    const { contributor, coordinator } = this.network.services(TROUBLED);
    switch (trouble) {
      case 'well':
        return;
      case 'away':
        liars.contributor.set(TROUBLED, answering(contributor, away));
        liars.coordinator.set(TROUBLED, answering(coordinator, away));
        return;
      case 'rubbish':
        liars.contributor.set(TROUBLED, answering(contributor, rubbish));
        liars.coordinator.set(TROUBLED, answering(coordinator, rubbish));
        return;
      case 'forgets':
        liars.contributor.set(TROUBLED, { ...contributor, keep: nothing, keepRules: none });
        return;
      case 'stale':
        liars.contributor.set(TROUBLED, {
          ...contributor,
          state: sayingState(this.network, TROUBLED, undefined),
          keptCopies: none,
        });
    }
  }
}

/** The same port, each of whose methods fails or answers otherwise. */
function answering<Port extends object>(port: Port, answer: () => unknown): Port {
  return new Proxy(port, {
    get: (target, name) => {
      if (typeof Reflect.get(target, name) !== 'function') return undefined;
      if (name === 'file') return () => streamed(answer);
      return async () => await Promise.resolve(answer());
    },
  });
}

async function* streamed(answer: () => unknown): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield utf8ToBytes(JSON.stringify(answer()));
}

async function nothing(): Promise<undefined> {
  return await Promise.resolve(undefined);
}

async function none(): Promise<[]> {
  return await Promise.resolve([]);
}

function away(): never {
  throw new MedsealError('PEER_UNREACHABLE', { peer: TROUBLED });
}

function rubbish(): unknown {
  return { rubbish: [null, 'rubbish', -1] };
}
