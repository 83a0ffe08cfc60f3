/** A body that takes long to read, within the limits of a server. */
export interface WorstBody {
  readonly name: string;
  readonly text: string;
}

const MOST = 15 * 2 ** 20;

/** As often as it fits. */
function filled(open: string, part: (place: number) => string, close: string): string {
  const parts: string[] = [];
  for (let [length, place] = [0, 0]; length < MOST; place += 1) {
    const next = part(place);
    parts.push(next);
    length += next.length;
  }
  return open + parts.join('') + close;
}

/** Bodies that each take as long to read as possible. */
export function worstBodies(): readonly WorstBody[] {
  return [
    { name: '15 MiB of empty lists', text: filled('[', () => '[],', '0]') },
    { name: '15 MiB of small objects', text: filled('[', () => '{"a":1},', '0]') },
    { name: '15 MiB of fields', text: filled('{', (at) => `"k${at}":[],`, '"z":0}') },
    { name: '15 MiB of objects unlike', text: filled('[', (at) => `{"k${at}":0},`, '0]') },
    { name: '15 MiB of numbers', text: filled('[', () => `0.${'3'.repeat(56)},`, '0]') },
    { name: '15 MiB of text', text: JSON.stringify(['a'.repeat(MOST)]) },
    { name: '15 MiB of escapes', text: filled('["', () => '\\"', '"]') },
  ];
}
