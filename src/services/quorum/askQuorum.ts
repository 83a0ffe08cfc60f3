import type { ServiceContext } from '../ServiceContext.ts';
import type { Circuit } from './Circuit.ts';

/** The least and the most milliseconds of waiting for the others once enough have answered. */
const GRACE = { least: 50, most: 500 } as const;

/** Question to organisations, and the rule by which their answers suffice. */
export interface Question<Port, Answer> {
  /** Asks one of them. */
  readonly ask: (port: Port) => Promise<Answer>;
  /** With fewer answers than these, refusals included, the question cannot be decided yet. */
  readonly least: number;
  /**
   * Tells whether the answers so far decide it, given how many are still to come, and how many of those are not silent. An
   * answer that proves nothing must not count: this waits for k that agree, not for the first k. Nor does a "no" decide
   * it while those that are not silent can still make k, or one that lies would answer for all.
   */
  readonly isDecided: (
    answers: readonly PromiseSettledResult<Answer>[],
    left: number,
    hopeful: number,
  ) => boolean;
  /** True if an answer among them proves itself, so that no other can say more: then nobody gets a grace. */
  readonly isProven?: (answers: readonly PromiseSettledResult<Answer>[]) => boolean;
}

/**
 * Asks organisations all at once, and goes on when their answers decide the question: the slowest holds up nobody. An
 * organisation that has not answered by then gets a grace, as long again as the others took, unless it was late before;
 * its answer is ignored afterwards, as if it had been lost on the way. If the question is decided only once no more
 * answers are to be expected, organisations that were late before still get the longest grace, once; one that misses it
 * is taken to be silent until it answers soon again. A peer whose circuit is open is not asked, unless it cannot be
 * decided without it.
 *
 * @param context - The clock, and the circuits that tell who is silent.
 * @param ports - Ports to ask.
 * @param question - The question.
 * @returns Results of the organisations that answered, in the order of the ports; of all, if they decide nothing.
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
  /** Milliseconds after which an answer is late. */
  let limit = Infinity;
  let cancelGrace: (() => void) | undefined;
  let graceOver = false;
  /** Milliseconds after which the longest grace is over. */
  let reach: number = GRACE.most;
  let cancelPatience: (() => void) | undefined;
  let ended = false;
  return await new Promise((resolve) => {
    for (const place of asked.keys()) if (!heldBack.includes(place)) send(place, portAt(place));
    look();

    function send(place: number, port: Port): void {
      const sent = clock.now();
      waiting.add(place);
      void settled(ask(port)).then((answer) => {
        const circuit = circuits.of(portAt(place));
        const took = clock.now() - sent;
        if (circuit !== undefined && !isProven && took < limit) circuit.late = false;
        if (circuit !== undefined && took < reach) circuit.missed = false;
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
      if (left === 0 || isDecided(inOrder(), left, hopeful().length)) return end();
      if (isDecided(inOrder(), left, 0)) bePatient();
      else if (heldBack.length > 0) insist();
    }

    /** Waits for them until the longest grace is over. */
    function bePatient(): void {
      // It holds even if the clock was set meanwhile.
      const left = Math.min(Math.max(reach - (clock.now() - begun), 0), GRACE.most);
      cancelPatience ??= clock.after(left, () => {
        for (const circuit of hopeful()) if (circuit !== undefined) circuit.missed = true;
        look();
      });
    }

    /** Tells whether no port that may be in time is left to wait for. */
    function isGraceOver(): boolean {
      if (graceOver) return true;
      const punctual = [...waiting].some((place) => circuits.of(portAt(place))?.late !== true);
      const passed = clock.now() - begun;
      const grace = Math.min(Math.max(passed, GRACE.least), GRACE.most);
      // From when enough have answered.
      if (limit === Infinity) reach = passed + GRACE.most;
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
      cancelPatience?.();
      for (const place of waiting) {
        const circuit = circuits.of(portAt(place));
        if (circuit !== undefined && !isProven) circuit.late = true;
      }
      resolve(inOrder());
    }
  });

  /** The circuits of awaited ports that may answer soon; the node's own services have no circuit. */
  function hopeful(): readonly (Circuit | undefined)[] {
    return [...waiting]
      .map((place) => circuits.of(portAt(place)))
      .filter((circuit) => circuit?.isSilent !== true);
  }

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
