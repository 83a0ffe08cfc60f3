import type { RecordId } from '../../protocol/ids.ts';
import { fieldOf, listOf } from '../fieldOf.ts';
import { MEDSEAL_SYSTEMS } from '../medsealSystems.ts';

/** A record of a chart, and the version of it if one is meant. */
export interface RecordReferred {
  readonly record: RecordId;
  readonly version?: number;
}

/** A reference to a record of a chart, by its identifier alone. */
export interface RecordReference {
  readonly identifier: { readonly system: string; readonly value: string };
}

/**
 * Refers to a record of a chart: no server gives resources an address that others know.
 *
 * @param named - The record, and its version if one is meant.
 */
export function recordReference({ record, version }: RecordReferred): RecordReference {
  const value = version === undefined ? record : `${record}/${version}`;
  return { identifier: { system: MEDSEAL_SYSTEMS.record, value } };
}

/**
 * Returns the records that an element refers to.
 *
 * @param element - One reference, or a list; not trusted.
 */
export function recordsReferred(element: unknown): readonly RecordReferred[] {
  return identifiersIn(element, MEDSEAL_SYSTEMS.record).flatMap((value) => {
    const [, record, version] = /^(0x[0-9a-f]{64})(?:\/([1-9]\d{0,8}))?$/.exec(value) ?? [];
    if (record === undefined) return [];
    return [
      {
        record: record as RecordId,
        ...(version !== undefined && { version: Number(version) }),
      },
    ];
  });
}

/**
 * Returns the values of the identifiers by which an element refers to something.
 *
 * @param element - One reference, or a list; not trusted.
 * @param system - Of `MEDSEAL_SYSTEMS`.
 */
export function identifiersIn(element: unknown, system: string): readonly string[] {
  return listOf(element)
    .map((each) => fieldOf(each, 'identifier'))
    .filter((each) => fieldOf(each, 'system') === system)
    .map((each) => fieldOf(each, 'value'))
    .filter((each) => typeof each === 'string');
}
