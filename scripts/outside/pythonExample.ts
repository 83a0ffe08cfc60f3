import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../sdkPrograms.ts';
import { fromPypi } from './fromPypi.ts';

/** The page on other languages. */
export const PAGE = await readFile(join(ROOT, 'docs/use/other-languages.md'), 'utf8');
/** The folder of its example. */
export const EXAMPLES = join(ROOT, 'docs/use/examples');

const [, packages = ''] = /^pip install (.+)$/m.exec(PAGE) ?? [];
const [, line = ''] = /^python3 (.+)$/m.exec(PAGE) ?? [];

/** Words with which the page has Python run its example. */
export const WORDS: readonly string[] = line.split(' ');

/** Python with the packages that the page names, or why they cannot be had: tests skip with that sentence. */
export const python = fromPypi(...packages.split(' '));
