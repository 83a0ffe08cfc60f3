/** A measured value with its labels, such as `log="care/hospital"`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n' };

/**
 * Reads the metrics of a node in the text format of Prometheus.
 *
 * @param text - Answer of `/metrics`.
 * @returns Samples in their order; a line that is no sample is left out.
 */
export function parseMetrics(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || Number.isNaN(Number(value))) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = '', said = '']) => [
      key,
      said.replaceAll(/\\(.)/g, (_, after: string) => ESCAPED[after] ?? after),
    ]);
    return [{ name, labels: Object.fromEntries(pairs) as Sample['labels'], value: Number(value) }];
  });
}
