import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { CompactDefinitions } from '../src/fhir/definitions/expandDefinitions.ts';
import { toColumns } from './src/fhir/DefinitionColumns.ts';

const FILE = join(import.meta.dirname, '../src/fhir/definitions/r4.json');
const READER = join(import.meta.dirname, 'src/fhir/DefinitionColumns.ts');

/** Has the build carry the definitions of FHIR in columns, which the page puts together again when it loads them. */
export function columnDefinitions(): Plugin {
  return {
    name: 'medseal-definitions',
    enforce: 'pre',
    load(id) {
      if (id !== FILE) return undefined;
      const definitions = JSON.parse(readFileSync(FILE, 'utf8')) as CompactDefinitions;
      const text = JSON.stringify(JSON.stringify(toColumns(definitions)));
      const code = `import { fromColumns } from ${JSON.stringify(READER)};
export default fromColumns(JSON.parse(${text}));`;
      return { code, moduleType: 'js' };
    },
  };
}
