import type { ServiceContext } from '../ServiceContext.ts';

/** The least and the most milliseconds that those are waited for who have not answered once enough have. */
const GRACE = { least: 50, most: 500 } as const;

/** What is asked of organisations, and when their answers suffice. */
export interface Question<Port, Answer> {
  /** Asks one of them. */
  readonly ask: (port: Port) => Promise<Answer>;
  /** With fewer answers than these, refusals among them, there is nothing to look at yet. */
  readonly least: number;
  /**
   * Whether the answers so far decide it, given how many are still to come. An answer that proves nothing must not count:
   * this waits for k that agree, not for the first k.
   */
  readonly isDecided: (answers: readonly PromiseSettledResult<Answer>[], left: number) => boolean;
  /** Whether an answer among them proves itself, so that no other can say more: then nobody gets a grace. */
  readonly isProven?: (answers: readonly PromiseSettledResult<Answer>[]) => boolean;
}

/**
 * Asks organisations all at once, and goes on when what they say decides the question: the slowest holds up nobody. Who
 * has not answered then gets a grace, as long again as the others took, unless it was late before; its answer comes to
 * nothing afterwards, as if it had been lost on the way. A peer that is silent is not asked, unless it cannot be decided
 * without it.
 *
 * @param context - The clock, and the circuits that tell who is silent.
 * @param ports - Whom to ask.
 * @param question - What, and when the answers suffice.
 * @returns What those said who answered, in the order of the ports; all of them, where that decides nothing.
 */
export async function askQuorum<Port extends object, Answer>(
  { clock, circuits }: Pick<ServiceContext, 'clock' | 'circuits'>,
  ports: Iterable<Port>,
  { ask, least, isDecided, isProven }: Question<Port, Answer>,
): Promise<readonly PromiseSettledResult<Answer>[]> {
  const asked = [...ports];
  const answers = new Map<number, PromiseSettledResult<Answer>>();
  const waiting = new Set<number>();
  let heldBack = [...asked.keys()].filter((place) => circuits.of(portAt(place))?.admits === false);
  const begun = clock.now();
  /** After so many milliseconds an answer is late. */
  let limit = Infinity;
  let cancelGrace: (() => void) | undefined;
  let graceOver = false;
  let ended = false;
  return await new Promise((resolve) => {
    for (const place of asked.keys()) if (!heldBack.includes(place)) send(place, portAt(place));
    look();

    function send(place: number, port: Port): void {
      const sent = clock.now();
      waiting.add(place);
      void settled(ask(port)).then((answer) => {
        const circuit = circuits.of(portAt(place));
        if (circuit !== undefined && !isProven && clock.now() - sent < limit) circuit.late = false;
        waiting.delete(place);
        if (ended) return;
        answers.set(place, answer);
        look();
      });
    }

    function look(): void {
      const left = waiting.size + heldBack.length;
      if (waiting.size > 0 && answers.size < least) return;
      if (isProven?.(inOrder())) return end();
      if (waiting.size > 0 && !isGraceOver()) return;
      if (left === 0 || isDecided(inOrder(), left)) end();
      else if (heldBack.length > 0) insist();
    }

    /** Whether nobody is waited for any more who may be in time. */
    function isGraceOver(): boolean {
      if (graceOver) return true;
      const punctual = [...waiting].some((place) => circuits.of(portAt(place))?.late !== true);
      const passed = clock.now() - begun;
      const grace = Math.min(Math.max(passed, GRACE.least), GRACE.most);
      limit = Math.min(limit, passed + grace);
      if (!punctual) return true;
      cancelGrace ??= clock.after(grace, () => {
        graceOver = true;
        look();
      });
      return false;
    }

    function insist(): void {
      const places = heldBack;
      heldBack = [];
      for (const place of places) send(place, circuits.insistent(portAt(place)));
    }

    function end(): void {
      ended = true;
      cancelGrace?.();
      for (const place of waiting) {
        const circuit = circuits.of(portAt(place));
        if (circuit !== undefined && !isProven) circuit.late = true;
      }
      resolve(inOrder());
    }
  });

  function portAt(place: number): Port {
    return asked[place] as Port;
  }

  function inOrder(): readonly PromiseSettledResult<Answer>[] {
    return [...answers].toSorted(([left], [right]) => left - right).map(([, answer]) => answer);
  }
}

async function settled<Answer>(answer: Promise<Answer>): Promise<PromiseSettledResult<Answer>> {
  const [result] = await Promise.allSettled([answer]);
  return result;
}
