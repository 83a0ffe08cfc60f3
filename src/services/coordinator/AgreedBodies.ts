import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { EntryKind } from '../../protocol/network/NetworkFile.ts';
import type { Judgement } from '../ports.ts';
import type { ExaminedBody } from './examineBody.ts';

/** Bodies of an array that a coordinator agrees to so far, by place, and the reasons for which it refuses the others. */
export class AgreedBodies {
  readonly #agreed = new Map<number, ExaminedBody>();
  readonly #reasons = new Map<number, MedsealError>();
  /** Places in the lists of sets of views that are judged otherwise here than their bodies say, by the place of the set. */
  readonly #disputed = new Map<number, readonly number[]>();

  /** The kind of the first: a verdict is over an array of one kind. */
  get kind(): EntryKind {
    const [first] = this.#agreed.values();
    return first?.kind ?? 'writes';
  }

  /** Bodies that are agreed to, in order. */
  get all(): readonly ExaminedBody[] {
    return [...this.#agreed.values()];
  }

  /** The same with their places. */
  get placed(): readonly (readonly [place: number, examined: ExaminedBody])[] {
    return [...this.#agreed];
  }

  /** Tells whether the body at a place is agreed to. */
  has(place: number): boolean {
    return this.#agreed.has(place);
  }

  /** Agrees to a body until it is refused. */
  agree(place: number, examined: ExaminedBody): void {
    this.#agreed.set(place, examined);
  }

  /** Refuses a body. */
  refuse(place: number, reason: MedsealError): void {
    this.#agreed.delete(place);
    this.#reasons.set(place, reason);
  }

  /** Refuses a set of views, for places in its list that are judged otherwise here. */
  dispute(place: number, pairs: readonly number[]): void {
    this.#disputed.set(place, pairs);
    this.refuse(place, new MedsealError('ANSWER_DISPUTED', {}));
  }

  /** Leaves out bodies that a further examination refuses. */
  async narrow(look: (examined: ExaminedBody, place: number) => Promise<void>): Promise<void> {
    const looking = this.placed.map(async ([place, examined]) => {
      await look(examined, place).catch((error: unknown) => {
        this.refuse(place, toMedsealError(error));
      });
    });
    await Promise.all(looking);
  }

  /** Refused bodies with their reasons, in order. */
  refused(): Judgement['refused'] {
    return [...this.#reasons]
      .toSorted(([left], [right]) => left - right)
      .map(([place, reason]) => {
        const pairs = this.#disputed.get(place);
        return { index: place, problem: reason.toProblem(), ...(pairs && { pairs }) };
      });
  }
}
