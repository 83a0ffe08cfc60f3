import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useShown } from './useShown.ts';

/** Key of the steps in the state of an entry of the browser's history. */
const KEY = 'medsealSteps';

/** For screens whose steps a person may leave at any time. */
const NONE: readonly never[] = [];

/** A step, and how many steps lie before it. */
interface StepPlace {
  readonly step: string;
  readonly depth: number;
}

/** Steps of a screen, each of which is an entry in the browser's history. */
export interface StepsHere<Step extends string> {
  readonly step: Step;
  /** Shows another step; the browser's Back shows this one again. */
  readonly go: (next: Step) => void;
  /** Goes back to the step before, as the browser's Back does. */
  readonly back: () => void;
  /** Shows the first step again, since the work is done: the next Back leaves the screen. */
  readonly finish: () => void;
  /** True while the person is asked whether to leave a step that asks. */
  readonly isLeaving: boolean;
  /** The person's answer. */
  readonly answer: (leaves: boolean) => void;
}

/**
 * Makes the steps of a screen entries of the browser's history: Back from a step shows the one before. The address stays as it
 * is, so that a screen which is loaded again begins with its first step.
 *
 * @param first - The step that is shown at first.
 * @param asks - Steps that a person does not leave by Back, nor by closing the page, without being asked; always the same array.
 */
export function useSteps<Step extends string>(
  first: Step,
  asks: readonly Step[] = NONE,
): StepsHere<Step> {
  const [id] = useState(() => crypto.randomUUID());
  const [place, setPlace] = useState({ step: first, depth: 0 });
  const [isLeaving, setLeaving] = useState(false);
  const now = useRef({ place, hash: '', ended: 0, mayLeave: false });
  const isShown = useShown();
  const isAsking = asks.includes(place.step);
  const show = useCallback((next: { readonly step: Step; readonly depth: number }) => {
    now.current.place = next;
    setPlace(next);
  }, []);
  useLayoutEffect(() => {
    const onPop = (): void => {
      // Another screen: this one is about to go.
      if (location.hash !== now.current.hash) return;
      const places = placesOf(history.state);
      const { step, depth } = (places[id] ?? { step: first, depth: 0 }) as {
        readonly step: Step;
        readonly depth: number;
      };
      const { ended, mayLeave, place: from } = now.current;
      if (asks.includes(from.step) && !asks.includes(step) && !mayLeave) {
        push(id, from);
        setLeaving(true);
        return;
      }
      now.current.mayLeave = false;
      if (depth <= ended && ended > 0) {
        // Nobody comes back to steps of what is done: Back leaves them, unless other steps lie between.
        const isAlone = Object.keys(places).every((each) => each === id);
        show({ step: first, depth });
        if (isAlone && from.depth <= ended && depth < from.depth) history.go(-depth - 1);
        return;
      }
      show({ step, depth });
    };
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, [id, first, asks, show]);
  useLayoutEffect(() => {
    if (!isAsking) return undefined;
    const onUnload = (event: Event): void => event.preventDefault();
    addEventListener('beforeunload', onUnload);
    return () => removeEventListener('beforeunload', onUnload);
  }, [isAsking]);
  const go = useCallback(
    (step: Step) => {
      // The person was on another screen already when it came.
      if (!isShown.current) return;
      const next = { step, depth: now.current.place.depth + 1 };
      now.current.hash = location.hash;
      push(id, next);
      show(next);
    },
    [id, show, isShown],
  );
  const back = useCallback(() => history.back(), []);
  const finish = useCallback(() => {
    setLeaving(false);
    const { depth } = now.current.place;
    if (depth === 0) return;
    const next = { step: first, depth };
    now.current.ended = depth;
    // The work may have led to another screen.
    if (placesOf(history.state)[id] !== undefined) history.replaceState(withPlace(id, next), '');
    show(next);
  }, [id, first, show]);
  const answer = useCallback((leaves: boolean) => {
    setLeaving(false);
    if (!leaves) return;
    now.current.mayLeave = true;
    history.back();
  }, []);
  return { step: place.step, go, back, finish, isLeaving, answer };
}

function push(id: string, place: StepPlace): void {
  history.pushState(withPlace(id, place), '');
}

function withPlace(id: string, place: StepPlace): unknown {
  const state: unknown = history.state;
  const others = typeof state === 'object' ? state : undefined;
  return { ...others, [KEY]: { ...placesOf(state), [id]: place } };
}

function placesOf(state: unknown): Readonly<Record<string, StepPlace>> {
  const given = typeof state === 'object' && state !== null && KEY in state ? state[KEY] : {};
  return given as Readonly<Record<string, StepPlace>>;
}
