import { useMemo, useSyncExternalStore } from 'react';
import { draftsOf } from './draftsOf.ts';
import { fitsLike } from './fitsLike.ts';
import type { Session } from './Session.ts';

/** The fields of a form, kept until it is signed or dropped. */
export interface Draft<Value> {
  readonly value: Value;
  /** Changes some of the fields. */
  readonly change: (changed: Partial<Value>) => void;
  /**
   * Ends it, once the form was signed or the person drops it: the form is again as it was at first. Given the fields of
   * something that was signed before, it ends only if they are the same now.
   */
  readonly drop: (of?: Value) => Promise<void>;
  /** True if it grew too long for this browser, which keeps what it had of it before. */
  readonly isTooLong: boolean;
  /** True if the record that it is about got a newer version since it was begun. */
  readonly isOfFormer?: boolean;
  /** Given if the form was opened with a draft. */
  readonly kept?: {
    /** When it was last changed before the form was opened, in Unix seconds. */
    readonly at: number;
    /** False if it goes with the lock: this browser does not keep the person's key, or it is too long. */
    readonly isLasting: boolean;
  };
}

/**
 * Keeps what a person types in a form in place of `useState`: on other screens, and sealed on the device over a reload and
 * the lock. Secrets and chosen files do not belong in it.
 *
 * @param session - The person.
 * @param name - The form and its subject, such as `add/0x…`: each has one draft.
 * @param initial - The fields as they are at first: texts, truth values, numbers and lists of them, none undefined.
 */
export function useDraft<Value extends object>(
  session: Pick<Session, 'party' | 'place'>,
  name: string,
  initial: Value,
): Draft<Value> {
  const drafts = draftsOf(session);
  // The device is read a moment after the first screen: null once it was read and has none.
  const entry = useSyncExternalStore(
    drafts.follow,
    () => drafts.read(name) ?? (drafts.isRead ? null : undefined),
  );
  const { isRead } = drafts;
  const before = useMemo(() => (isRead ? drafts.read(name) : undefined), [drafts, name, isRead]);
  const valueNow = (): Value => valueIn(drafts.read(name)?.value, initial);
  const change = (changed: Partial<Value>): void => {
    const next = { ...initial, ...valueNow(), ...changed };
    const isFirst = JSON.stringify(next) === JSON.stringify(initial);
    drafts.write(name, isFirst ? undefined : next);
  };
  const drop = async (of?: Value): Promise<void> => {
    if (of === undefined || JSON.stringify(of) === JSON.stringify(valueNow())) {
      await drafts.drop(name);
    }
  };
  const fits = entry && fitsLike(entry.value, initial) ? entry : undefined;
  const isKept = before !== undefined && fits?.since === before.since;
  return {
    value: valueIn(entry?.value, initial),
    change,
    drop,
    isTooLong: fits !== undefined && drafts.isTooLong(fits),
    ...(isKept && {
      kept: { at: Math.floor(before.at / 1000), isLasting: drafts.isLasting(fits) },
    }),
  };
}

function valueIn<Value>(stored: unknown, initial: Value): Value {
  return fitsLike(stored, initial) ? stored : initial;
}
