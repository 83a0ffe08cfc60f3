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
  /** Part of the release that it is in. */
  readonly part: 'package' | 'engine' | 'node';
  /** SHA-512 of its archive in hexadecimal; undefined if the lock names none. */
  readonly sha512?: string;
  /** Sum of a Go module, as `go.sum` has it. */
  readonly sum?: string;
  /** Addresses of the components that it needs; undefined if that is not known of each. */
  readonly needs?: readonly string[];
}

/** Names of files that hold a licence, or what one wants to be passed on. */
export const LICENCE_FILE = /^(?:un)?(?:licen[cs]e|copying|notice|patents)(?:[.-].*)?$/i;
