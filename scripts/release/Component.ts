import type { ProgramName } from './programs.ts';

/** A part of a release. */
export type Part = 'package' | 'node' | ProgramName;

/** Something that others wrote and a release ships. */
export interface Component {
  /** Its address as a package URL, which names it everywhere. */
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  /** Files with its licence, by their names in it; none if it has none. */
  readonly texts: ReadonlyMap<string, string>;
  /** Parts of the release that it is in. */
  readonly parts: readonly Part[];
  /** SHA-512 of its archive in hexadecimal; undefined if the lock names none. */
  readonly sha512?: string;
  /** Sum of a Go module, as `go.sum` has it. */
  readonly sum?: string;
  /** Addresses of the components that it needs; undefined if that is not known of each. */
  readonly needs?: readonly string[];
}

/** Names of files that hold a licence, or what one wants to be passed on. */
export const LICENCE_FILE = /^(?:un)?(?:licen[cs]e|copying|notice|patents)(?:[.-].*)?$/i;

/** Puts together what several parts of a release have: each component once, with all the parts that it is in. */
export function joinComponents(listed: readonly Component[]): readonly Component[] {
  const joined = new Map<string, Component>();
  for (const each of listed) {
    const parts = [...(joined.get(each.purl)?.parts ?? []), ...each.parts];
    joined.set(each.purl, { ...each, parts: [...new Set(parts)] });
  }
  return [...joined.values()];
}
