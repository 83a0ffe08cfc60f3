import { chmod, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import type { Dice } from '../simulation/Dice.ts';
import { mutateBytes } from './mutateBytes.ts';
import { mutateJson } from './mutateJson.ts';

/** More than anybody would read into memory: a file that is all holes. */
const HUGE = 2 ** 28;

/**
 * Alters a file as whoever can write into a folder can: its content, or what it is.
 *
 * @param dice - Decides how.
 * @param path - The file.
 * @returns The altered content or kind, to be shown with a fault.
 */
export async function damageFile(dice: Dice, path: string): Promise<Uint8Array | string> {
  const whole = await readFile(path);
  if (dice.chance(0.2)) {
    await rm(path);
    switch (dice.between(0, 5)) {
      case 0:
        return 'removed';
      case 1:
        await mkdir(path);
        return 'a folder';
      case 2:
        await symlink(path, path);
        return 'a link to itself';
      case 3:
        await symlink('/dev/zero', path);
        return 'a link to what does not end';
      case 4:
        await writeFile(path, '');
        await truncate(path, HUGE);
        return 'all holes';
      default:
        await writeFile(path, whole);
        await chmod(path, 0o000);
        return 'for nobody to read';
    }
  }
  const content = altered(dice, whole);
  await writeFile(path, content);
  return content;
}

function altered(dice: Dice, whole: Buffer): Buffer {
  if (whole[0] !== 0x7b || dice.chance(0.2)) return mutateBytes(dice, whole);
  return Buffer.from(mutateJson(dice, JSON.parse(whole.toString())));
}
