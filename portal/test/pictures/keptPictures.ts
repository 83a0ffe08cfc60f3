import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differenceOf } from './differenceOf.ts';
import type { Picture } from './Picture.ts';
import { readPng } from './readPng.ts';
import { writePng } from './writePng.ts';

const KEPT = join(import.meta.dirname, 'kept');
/** Folder in which a failure leaves what it saw. */
const SEEN = join(import.meta.dirname, '../../../.cache/pictures');

/** A picture of now that is not as the kept one. */
export interface Fault {
  /** In a sentence. */
  readonly says: string;
  /** Writes the expected and the actual picture and their difference beside each other. */
  readonly write: () => void;
}

/** Names the version of the browser that took the kept pictures. */
const BROWSER = join(import.meta.dirname, 'browser.txt');

/** Returns the version of the browser that took the kept pictures: another one draws letters a little otherwise. */
export function keptBy(): string {
  return readFileSync(BROWSER, 'utf8').trim();
}

/** Notes the version of the browser that takes them. */
export function keepBrowser(version: string): void {
  writeFileSync(BROWSER, `${version}\n`);
}

/** Names of all kept pictures. */
export function keptNames(): readonly string[] {
  return readdirSync(KEPT)
    .map((file) => file.replace(/\.png$/, ''))
    .toSorted();
}

/** The sum of the sizes of all kept pictures, in bytes. */
export function keptSize(): number {
  return keptNames().reduce((sum, name) => sum + readFileSync(pathOf(name)).length, 0);
}

/**
 * Compares a picture with the kept one.
 *
 * @param name - Its name.
 * @param actual - The picture of now.
 * @returns Undefined if they are alike.
 */
export function faultOf(name: string, actual: Picture): Fault | undefined {
  if (!keptNames().includes(name)) {
    return { says: `${name} is not kept`, write: () => writeSeen(name, { actual }) };
  }
  const expected = readPng(readFileSync(pathOf(name)));
  const { places, drawn } = differenceOf(expected, actual);
  const [first] = places;
  if (first === undefined) return undefined;
  return {
    says: `${name} differs at ${places.length} places, the first at ${first.left}, ${first.top} px`,
    write: () => writeSeen(name, { expected, actual, difference: drawn }),
  };
}

/** Keeps a picture. */
export function keepPicture(name: string, picture: Picture): void {
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(pathOf(name), writePng(picture));
}

/** Removes a kept picture. */
export function dropPicture(name: string): void {
  rmSync(pathOf(name));
}

function pathOf(name: string): string {
  return join(KEPT, `${name}.png`);
}

function writeSeen(name: string, pictures: Readonly<Record<string, Picture>>): void {
  mkdirSync(SEEN, { recursive: true });
  for (const [kind, picture] of Object.entries(pictures)) {
    writeFileSync(join(SEEN, `${name}-${kind}.png`), writePng(picture));
  }
}
