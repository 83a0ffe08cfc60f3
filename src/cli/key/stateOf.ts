import type { KeyFile } from '../../device/keystore.ts';
import { unlockedUntil } from '../../device/unlockedKeys.ts';
import { describeMoment } from '../describeBody.ts';
import type { Home } from '../home/Home.ts';
import { calledAs } from '../program/calledAs.ts';

/** A key as people see it. */
export interface KeyState extends Pick<KeyFile, 'name' | 'role' | 'organisation'> {
  /** Such as `locked`. */
  readonly state: string;
  /** True if a change of the key was begun and is not finished. */
  readonly changing?: boolean;
}

/**
 * Returns the state of a key now: locked, unlocked until a moment, or unencrypted.
 *
 * @param home - The device.
 * @param key - The key.
 */
export async function stateOf(home: Home, key: KeyFile): Promise<KeyState> {
  const { name, role, organisation } = key;
  const until = key.demo ? undefined : await unlockedUntil(home.keystore, key);
  const locked =
    until === undefined ? 'locked' : `unlocked until ${describeMoment(Math.floor(until / 1000))}`;
  const state = key.demo ? 'unencrypted, a demonstration' : locked;
  return {
    name,
    state,
    ...(role && { role }),
    ...(organisation && { organisation }),
    ...(key.next !== undefined && { changing: true }),
  };
}

/**
 * Returns a key's state for a table.
 *
 * @param state - The key's state.
 */
export function shownState({ state, changing = false }: KeyState): string {
  return changing ? `${state}; its change is not finished` : state;
}

/**
 * Tells how to go on with the keys whose change is not finished.
 *
 * @param keys - The device's keys.
 */
export function unfinishedChanges(keys: readonly KeyState[]): readonly string[] {
  return keys.flatMap(({ name, changing = false }) =>
    changing
      ? [`The change of the key ${name} is not finished. Next: ${calledAs(`key change ${name}`)}`]
      : [],
  );
}
