import { MedsealError } from '../../errors/MedsealError.ts';
import { BodyMemory } from '../../http/limits/BodyMemory.ts';
import type { Clock } from '../../protocol/Clock.ts';

/** Bytes of all bodies that are in memory at once. */
const CAPACITY = 67_108_864;
/** Longest body of all that the door takes. */
export const LONGEST_BODY = 4_194_304;

/** Bodies of posts of devices, in bounded memory: an eighth of it at most for one address. */
export class DeviceBodies {
  readonly #memory: BodyMemory;

  /** @param clock - The time. */
  constructor(clock: Clock) {
    const [waiting, patience] = [512, 10_000];
    const memory = { capacity: CAPACITY, bodyBytes: LONGEST_BODY };
    this.#memory = new BodyMemory({ ...memory, waiting, patience, clock });
  }

  /**
   * Reads a body and works with it; its memory is free after that.
   *
   * @param request - The post.
   * @param about - Address that it came from, and the longest body that is taken.
   * @param work - Work on the body.
   * @throws MedsealError `REQUEST_TOO_LARGE`; `OVERLOADED` if too much is in memory.
   */
  async read<Answer>(
    { body, headers }: Pick<Request, 'body' | 'headers'>,
    { caller, longest }: { readonly caller: string; readonly longest: number },
    work: (bytes: Uint8Array) => Promise<Answer>,
  ): Promise<Answer> {
    const tooLarge = new MedsealError('REQUEST_TOO_LARGE', { what: 'message', limit: longest });
    if (Number(headers.get('content-length') ?? 0) > longest) throw tooLarge;
    const incoming = this.#memory.begin(caller);
    try {
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of body ?? []) {
        size += piece.length;
        if (size > longest) throw tooLarge;
        await incoming.take(piece.length);
        pieces.push(piece);
      }
      incoming.whole();
      return await work(Buffer.concat(pieces));
    } finally {
      incoming.leave();
    }
  }
}
