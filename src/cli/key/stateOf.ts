import type { KeyFile } from '../../device/keystore.ts';
import { unlockedUntil } from '../../device/unlockedKeys.ts';
import { describeMoment } from '../describeBody.ts';
import type { Home } from '../home/Home.ts';

/** A key as people see it. */
export interface KeyState extends Pick<KeyFile, 'name' | 'role' | 'organisation'> {
  /** Such as `locked`. */
  readonly state: string;
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
  return { name, state, ...(role && { role }), ...(organisation && { organisation }) };
}
