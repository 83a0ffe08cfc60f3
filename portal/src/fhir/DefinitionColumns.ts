import type { CompactDefinitions } from '../../../src/fhir/definitions/expandDefinitions.ts';

type Structure = CompactDefinitions['structures'][number];
type Element = Structure['elements'][number];

/**
 * The definitions of FHIR with each kind of value in a column of its own: alike values are neighbours, so that a server
 * compresses them by a quarter more.
 */
export interface DefinitionColumns extends Omit<CompactDefinitions, 'structures'> {
  readonly structures: readonly (Omit<Structure, 'elements'> & {
    /** Number of its elements. */
    readonly count: number;
  })[];
  /** Paths of all elements, a line each: a dot for each part that is that of the line before, and the rest. */
  readonly paths: string;
  /** Cardinality, types, constraints and perhaps a value set, each different row once: a line each, with tabs in between. */
  readonly rows: string;
  /** For each element the place of its row, with spaces between them. */
  readonly places: string;
}

/**
 * Puts definitions into columns.
 *
 * @param definitions - Definitions whose texts have neither tabs nor line feeds.
 */
export function toColumns({ structures, ...others }: CompactDefinitions): DefinitionColumns {
  const elements = structures.flatMap((structure) => structure.elements);
  const rows = new Map<string, number>();
  const places = elements.map(([, ...values]) => {
    const row = values.join('\t');
    const place = rows.get(row) ?? rows.size;
    rows.set(row, place);
    return place;
  });
  const paths = elements.map(([path], at) => shorten(path, elements[at - 1]?.[0] ?? ''));
  return {
    ...others,
    structures: structures.map(({ elements: own, ...structure }) => {
      return { ...structure, count: own.length };
    }),
    paths: paths.join('\n'),
    rows: [...rows.keys()].join('\n'),
    places: places.join(' '),
  };
}

/**
 * Makes definitions of their columns again.
 *
 * @param columns - Columns.
 */
export function fromColumns({
  structures,
  paths,
  rows,
  places,
  ...others
}: DefinitionColumns): CompactDefinitions {
  const values = rows.split('\n').map((row) => row.split('\t'));
  const shortened = paths.split('\n');
  let before: readonly string[] = [];
  const elements = places.split(' ').map((place, at): Element => {
    const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(shortened[at] ?? '') ?? [];
    before = [...before.slice(0, dots.length), ...rest.split('.')];
    const [cardinality = '', types = '', constraints = '', ...valueSet] =
      values[Number(place)] ?? [];
    return [before.join('.'), cardinality, types, constraints, ...(valueSet as [name?: string])];
  });
  let begin = 0;
  return {
    ...others,
    structures: structures.map(({ count, ...structure }) => {
      begin += count;
      return { ...structure, elements: elements.slice(begin - count, begin) };
    }),
  };
}

function shorten(path: string, before: string): string {
  const [parts, known] = [path.split('.'), before.split('.')];
  let alike = 0;
  while (alike < parts.length - 1 && parts[alike] === known[alike]) alike++;
  return '.'.repeat(alike) + parts.slice(alike).join('.');
}
